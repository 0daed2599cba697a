// The preview's width, and the ad editor with its live stage.

import { all, query, words } from "./dom";

export function widths(): void {
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

export class Editor {
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
    file?.addEventListener("change", () => void this.upload(file.files?.[0]));
    this.dropping();
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

  // A picture dragged over the field, or pasted anywhere on the page.
  private dropping(): void {
    const place = this.form.querySelector<HTMLElement>("[data-drop]");
    if (!place) return;
    const first = (data: DataTransfer | null): File | undefined =>
      Array.from(data?.files ?? []).find((file) => file.type.startsWith("image/"));
    for (const kind of ["dragenter", "dragover"]) {
      place.addEventListener(kind, (event) => {
        event.preventDefault();
        place.classList.add("over");
      });
    }
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      void this.upload(first(event.dataTransfer));
    });
    document.addEventListener("paste", (event) => {
      const picture = place.hidden ? undefined : first(event.clipboardData);
      if (!picture) return;
      event.preventDefault();
      void this.upload(picture);
    });
  }

  private async upload(picture: File | undefined): Promise<void> {
    const place = this.form.querySelector<HTMLElement>("[data-drop]");
    const kept = this.form.querySelector<HTMLInputElement>('[name="image"]');
    const token = this.form.querySelector<HTMLInputElement>('[name="csrf"]');
    if (!picture || !kept || !token) return;
    const body = new FormData();
    body.set("csrf", token.value);
    body.set("picture", picture);
    place?.classList.add("busy");
    const answer = await fetch(`${this.form.dataset["stage"]}/picture`, { method: "POST", body });
    place?.classList.remove("busy");
    const said = place?.querySelector<HTMLElement>("[data-upload-said]");
    if (said) said.hidden = answer.ok;
    if (!answer.ok) return;
    kept.value = ((await answer.json()) as { id: string }).id;
    const file = this.form.querySelector<HTMLInputElement>('input[type="file"]');
    if (file) file.value = "";
    await this.show();
  }
}
