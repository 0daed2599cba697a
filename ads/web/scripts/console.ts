// The console's comforts. Every page works without them: forms are sent, links followed, frames
// loaded by the browser itself; this adds clipboard, live preview, counters and waiting.

const words = document.getElementById("words")?.dataset ?? {};
const said = document.getElementById("said");

function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return Array.from(within.querySelectorAll<T>(selector));
}

function say(text: string | undefined): void {
  if (!said || !text) return;
  said.textContent = text;
  window.setTimeout(() => (said.textContent = ""), 4000);
}

// --- handing the link on ------------------------------------------------------------------------

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(words["copied"]);
  } catch {
    select(document.querySelector<HTMLElement>("[data-selectable]"));
    say(words["select"]);
  }
}

function select(element: HTMLElement | null): void {
  if (!element) return;
  if (element instanceof HTMLInputElement) return element.select();
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

function handOn(within: ParentNode): void {
  for (const element of all("[data-shown]", within)) element.hidden = false;
  for (const button of all("[data-copy]", within)) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button.dataset["copy"] ?? ""));
  }
  for (const button of all("[data-share]", within)) {
    if (typeof navigator.share !== "function") continue;
    button.hidden = false;
    const { share: url = "", title = "" } = button.dataset;
    button.addEventListener("click", () => {
      navigator.share({ url, title }).catch(() => undefined); // closing the sheet is no fault
    });
  }
}

// --- pasting --------------------------------------------------------------------------------------

function pasting(): void {
  const form = document.getElementById("paste") as HTMLFormElement | null;
  const field = form?.querySelector<HTMLInputElement>("#url");
  const button = form?.querySelector<HTMLElement>("[data-paste]");
  const word = button?.querySelector("span");
  if (!form || !field || !button || !word) return;
  const label = (): void => {
    word.textContent = (field.value ? button.dataset["see"] : button.dataset["paste"]) ?? "";
    field.required = false;
  };
  const go = (text: string): void => {
    field.value = text;
    label();
    if (text.trim()) form.requestSubmit();
  };
  form.addEventListener("submit", (event) => {
    if (field.value.trim()) return;
    event.preventDefault();
    fromClipboard().then(go, () => {
      field.focus();
      const hint = document.getElementById("paste-said");
      if (hint) {
        hint.hidden = false;
        hint.textContent = words["press"] ?? "";
      }
    });
  });
  field.addEventListener("input", label);
  document.addEventListener("paste", (event) => {
    const inField = (event.target as Element | null)?.closest("input, textarea, select");
    const text = event.clipboardData?.getData("text") ?? "";
    if (inField || !text) return;
    event.preventDefault();
    go(text);
  });
  label();
  // "Make it mine" comes with the article filled in: its preview runs at once. Replaced, so that
  // going back does not run it again.
  if (field.value && new URLSearchParams(location.search).has("url")) follow(form);
}

function fromClipboard(): Promise<string> {
  return navigator.clipboard ? navigator.clipboard.readText() : Promise.reject(new Error("none"));
}

function query(form: HTMLFormElement): string {
  const pairs: [string, string][] = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") pairs.push([name, value]);
  });
  return new URLSearchParams(pairs).toString();
}

function follow(form: HTMLFormElement): void {
  location.replace(`${form.action}?${query(form)}`);
}

// --- waiting --------------------------------------------------------------------------------------

// Loads this page again every few seconds and takes over the element if it changed.
function live(element: HTMLElement): void {
  const again = async (): Promise<void> => {
    const current = document.getElementById(element.id);
    if (!current) return;
    if (document.visibilityState === "visible") {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok ? page.getElementById(element.id) : null;
      if (fresh && fresh.innerHTML !== current.innerHTML) {
        current.replaceChildren(...Array.from(fresh.childNodes));
      }
    }
  };
  const seconds = Number(element.dataset["live"]) || 5;
  const tick = (): void => {
    again()
      .catch(() => undefined) // the next round tries again
      .then(() => window.setTimeout(tick, seconds * 1000));
  };
  window.setTimeout(tick, seconds * 1000);
}

// Follows a link by itself after so many seconds; `data-once` only the first time.
function retry(link: HTMLAnchorElement): void {
  const url = new URL(link.href);
  if (link.dataset["once"] !== undefined) {
    if (new URLSearchParams(location.search).has("tried")) return;
    url.searchParams.set("tried", "1");
  }
  let left = Number(link.dataset["retry"]) || 3;
  const text = link.textContent ?? "";
  const tick = (): void => {
    link.textContent = `${text} · ${left}`;
    if (left <= 0) location.replace(url.href);
    else window.setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
}

// --- forms ----------------------------------------------------------------------------------------

// Length as people see it: a wide character counts two, marks and joined ones nothing.
export function weight(text: string): number {
  let total = 0;
  let joined = false;
  for (const char of text.normalize("NFC")) {
    const joins = /[\u200d\u{1f3fb}-\u{1f3ff}]|\p{M}/u.test(char);
    if (!joins && !joined) total += WIDE.test(char) ? 2 : 1;
    joined = char === "\u200d";
  }
  return total;
}
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function counter(element: HTMLElement): void {
  const field = element.closest(".field")?.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
  if (!field) return;
  const show = (): void => {
    element.textContent = (words["of"] ?? "{part}/{whole}")
      .replace("{part}", String(weight(field.value)))
      .replace("{whole}", element.dataset["count"] ?? "");
  };
  field.addEventListener("input", show);
  show();
}

function showPassword(field: HTMLInputElement): void {
  const label = field.closest(".field")?.querySelector(".label");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text small-text";
  const show = (): void => {
    button.textContent = (field.type === "password" ? words["show"] : words["hide"]) ?? "";
  };
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    show();
  });
  show();
  label?.after(button);
  button.parentElement?.classList.add("with-show");
}

function forms(): void {
  for (const field of all<HTMLInputElement>("[data-time-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
  all<HTMLInputElement>("input[data-show]").forEach(showPassword);
  all("[data-count]").forEach(counter);
  for (const button of all<HTMLButtonElement>("button[data-busy]")) {
    button.form?.addEventListener("submit", () => {
      window.setTimeout(() => (button.disabled = true));
      button.textContent = words["making"] ?? "";
    });
  }
  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!window.confirm(button.dataset["confirm"])) event.preventDefault();
    });
  }
  for (const form of all<HTMLFormElement>("form[data-follow]")) {
    form.addEventListener("change", () => follow(form));
    for (const button of all("[data-quiet]", form)) button.hidden = true;
  }
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

// Back from the cache of pages, a button that was busy can be pressed again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// --- preview and editor -----------------------------------------------------------------------------

function widths(): void {
  const choice = document.querySelector<HTMLElement>("[data-widths]");
  const frame = document.querySelector(".viewport");
  if (!choice || !frame) return;
  choice.hidden = false;
  const buttons = all<HTMLButtonElement>("button", choice);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      frame.classList.toggle("as-phone", button.value === "phone");
    });
  }
}

class Editor {
  private place = "top";
  private readonly frame = document.querySelector<HTMLIFrameElement>(".slot-stage");
  private waiting = 0;
  private round = 0;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    const tabs = all<HTMLButtonElement>('[form="ad-stage"]');
    for (const tab of tabs) {
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        for (const other of tabs) other.setAttribute("aria-pressed", String(other === tab));
        this.place = tab.value;
        this.show();
      });
    }
    const file = form.querySelector<HTMLInputElement>('input[type="file"]');
    file?.addEventListener("change", () => void this.upload(file));
    const before = this.state();
    document.querySelector("[data-discard]")?.addEventListener("click", (event) => {
      if (this.state() !== before && !window.confirm(words["discard"])) event.preventDefault();
    });
    this.frame?.addEventListener("load", () => this.fit());
    this.kinds();
    this.show();
  }

  private state(): string {
    return query(this.form);
  }

  private changed(): void {
    this.kinds();
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.show(), 60);
  }

  // Shows the fields of this kind; the others keep what was typed.
  private kinds(): void {
    const kind = this.form.querySelector<HTMLInputElement>('[name="kind"]:checked')?.value ?? "text";
    for (const part of all("[data-for]", this.form)) {
      part.hidden = !part.dataset["for"]?.split(" ").includes(kind);
    }
  }

  private async show(): Promise<void> {
    const round = ++this.round;
    const form = new URLSearchParams(this.state());
    form.delete("csrf");
    form.set("place", this.place);
    form.set("part", "1");
    try {
      const answer = await fetch(`${this.form.dataset["stage"]}?${form}`);
      const text = await answer.text();
      const inside = this.frame?.contentDocument;
      if (!answer.ok || !inside || round !== this.round) return;
      inside.body.innerHTML = text; // escaped by the server; the frame runs no script
      this.fit();
    } catch {
      // The next key press shows it.
    }
  }

  private fit(): void {
    const inside = this.frame?.contentDocument?.documentElement;
    if (this.frame && inside && matchMedia("(max-width: 899px)").matches) {
      this.frame.style.height = `${Math.min(inside.scrollHeight + 4, innerHeight * 0.55)}px`;
    }
  }

  private async upload(file: HTMLInputElement): Promise<void> {
    const picture = file.files?.[0];
    const kept = this.form.querySelector<HTMLInputElement>('[name="image"]');
    const token = this.form.querySelector<HTMLInputElement>('[name="csrf"]');
    if (!picture || !kept || !token) return;
    const body = new FormData();
    body.set("csrf", token.value);
    body.set("picture", picture);
    const answer = await fetch(`${this.form.dataset["stage"]}/picture`, { method: "POST", body });
    if (!answer.ok) return; // saving sends the file itself, and says what is wrong with it
    kept.value = ((await answer.json()) as { id: string }).id;
    file.value = "";
    this.show();
  }
}

function start(): void {
  handOn(document);
  pasting();
  forms();
  widths();
  all("[data-live]").forEach(live);
  all<HTMLAnchorElement>("a[data-retry]").forEach(retry);
  const editor = document.querySelector<HTMLFormElement>("form[data-stage]");
  if (editor) new Editor(editor);
}

start();
