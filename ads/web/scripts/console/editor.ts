// The preview's width, and the ad editor with its live stage.

import { all, oneOf, query, words } from "./dom";
import { pictures } from "./pictures";

export function widths(): void {
  const choice = document.querySelector<HTMLElement>("[data-widths]");
  const frame = document.querySelector<HTMLElement>(".viewport");
  if (!choice || !frame) return;
  choice.hidden = false;
  for (const field of all<HTMLInputElement>('input[form="publish"]')) {
    const shown = all(`[data-shows="${field.name}"]`);
    field.addEventListener("input", () => shown.forEach((each) => (each.textContent = field.value || field.placeholder)));
  }
  oneOf(all<HTMLButtonElement>("button", choice), (shown) => {
    frame.classList.toggle("as-phone", shown === "phone");
    frame.hidden = shown === "card";
    const chat = document.querySelector<HTMLElement>("[data-chat]");
    if (chat) chat.hidden = shown !== "card";
  });
}

export class Editor {
  private place = "top";
  private variant = "";
  private readonly frame = document.querySelector<HTMLIFrameElement>(".slot-stage");
  private waiting = 0;
  private round = 0;

  constructor(private readonly form: HTMLFormElement) {
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    this.variants();
    oneOf(all<HTMLButtonElement>('[form="ad-stage"]'), (place) => {
      this.place = place;
      this.show();
    });
    pictures(form, () => void this.show());
    this.guard();
    // Three reasons to draw within a moment are one drawing.
    this.frame?.addEventListener("load", () => this.changed());
    this.changed();
  }

  // Whatever leads away from a change asks first: links and other forms by us, as phones ask of nothing
  // themselves; Back and closing by the browser. First of all listeners: others show that the next page comes.
  private guard(): void {
    const before = this.form.dataset["unsaved"] === undefined ? this.state() : "";
    let leaving = false;
    const ask = (event: Event): void => {
      leaving ||= this.state() === before || window.confirm(words["discard"]);
      if (leaving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("click", (event) => {
      if ((event.target as Element).closest('a[href]:not([href^="#"])')) ask(event);
    }, true);
    window.addEventListener("submit", (event) => {
      const asked = (event.submitter as HTMLElement | null)?.dataset["confirm"]; // by the button itself
      if (event.target !== this.form && !asked && !(event.target as Element).closest("dialog")) ask(event);
    }, true);
    window.addEventListener("submit", (event) => (leaving ||= !event.defaultPrevented));
    window.addEventListener("beforeunload", (event) => {
      if (!leaving && this.state() !== before) event.preventDefault();
    });
  }

  // The variants as tabs: the one in hand is the one that is shown. Without a script all stand below each other.
  private variants(): void {
    const bar = this.form.querySelector<HTMLElement>("[data-tabs]");
    if (!bar) return;
    bar.hidden = false;
    const rows = all("[data-variant]", this.form);
    const tabs = all<HTMLButtonElement>("button", bar);
    const open = oneOf(tabs, (variant) => {
      for (const row of rows) row.hidden = row.dataset["variant"] !== variant;
      this.variant = variant;
      this.changed();
    });
    const around = (field: Element | null): void => {
      const variant = field?.closest<HTMLElement>("[data-variant]")?.dataset["variant"];
      if (variant) open(variant);
    };
    open(bar.dataset["tabs"] || tabs[0]!.value);
    around(this.form.querySelector("[data-variant] [aria-invalid]"));
    // What is wrong is opened before the browser, or the sum of faults at the top, leads to it.
    this.form.addEventListener("invalid", (event) => around(event.target as Element), true);
    for (const link of all<HTMLAnchorElement>('.bad a[href^="#f-variants"]')) {
      link.addEventListener("click", () => around(document.getElementById(link.hash.slice(1))));
    }
  }

  private state(): string {
    return query(this.form);
  }

  private changed(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.show(), 60);
  }

  private async show(): Promise<void> {
    const round = ++this.round;
    const form = new URLSearchParams(this.state());
    form.delete("csrf");
    form.set("place", this.place);
    form.set("variant", this.variant);
    form.set("part", "1");
    try {
      const answer = await fetch(`${this.form.dataset["stage"]}?${form}`, { redirect: "error" }); // to the sign-in
      const text = await answer.text();
      const inside = this.frame?.contentDocument;
      // Before its own page has come the frame is ruled by ours, which lets no style in.
      if (!answer.ok || !inside || inside.URL === "about:blank" || round !== this.round) return;
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
}
