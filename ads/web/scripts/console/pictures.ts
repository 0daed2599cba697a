// Pictures of an ad: chosen, dropped, pasted or photographed, shown at once, and cut to a shape.

import { all } from "./dom";
import { Cropper } from "./crop";

const first = (data: DataTransfer | null): File | undefined =>
  Array.from(data?.files ?? []).find((file) => file.type.startsWith("image/"));

const BYTES_MAX = 8 * 1024 * 1024;
const SIDE_MAX = 2000; // the server keeps no more

// A photograph as a phone makes it may be larger than what is taken: it is drawn smaller first.
async function fitting(picture: File): Promise<File> {
  if (picture.size <= BYTES_MAX) return picture;
  const drawn = await createImageBitmap(picture);
  const scale = Math.min(1, SIDE_MAX / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [drawn.width * scale, drawn.height * scale];
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, picture.type, 0.9));
  return made ? new File([made], picture.name, { type: made.type }) : picture;
}

export function pictures(form: HTMLFormElement, changed: () => void): void {
  const cropper = new Cropper();
  const fields = all("[data-drop]", form).map((place) => new Field(place, form, cropper, changed));
  document.addEventListener("paste", (event) => {
    const picture = first(event.clipboardData);
    const seen = fields.filter((field) => field.place.offsetParent !== null);
    const field = seen.find((each) => each.place.contains(document.activeElement)) ?? seen[0];
    if (!picture || !field) return;
    event.preventDefault();
    void field.upload(picture);
  });
}

class Field {
  private readonly kept: HTMLInputElement;
  private readonly file: HTMLInputElement;

  constructor(
    readonly place: HTMLElement,
    private readonly form: HTMLFormElement,
    private readonly cropper: Cropper,
    private readonly changed: () => void,
  ) {
    this.kept = place.querySelector<HTMLInputElement>("[data-image]")!;
    this.file = place.querySelector<HTMLInputElement>('input[type="file"]')!;
    this.file.addEventListener("change", () => void this.upload(this.file.files?.[0]));
    for (const box of all("[data-drop-box]", place)) box.hidden = true; // the button does it at once
    this.button("remove").addEventListener("click", () => this.show(""));
    this.button("crop").addEventListener("click", () =>
      this.cropper.open(this.address(), (part) => void this.send("crop", { ...part, id: this.kept.value })),
    );
    this.dropping();
    this.buttons();
  }

  private button(name: string): HTMLElement {
    return this.place.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private address(): string {
    return this.form.dataset["pictures"] + this.kept.value;
  }

  private dropping(): void {
    const over = (yes: boolean): void => void this.place.classList.toggle("over", yes);
    for (const kind of ["dragenter", "dragover"]) {
      this.place.addEventListener(kind, (event) => {
        event.preventDefault();
        over(true);
      });
    }
    this.place.addEventListener("dragleave", () => over(false));
    this.place.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      void this.upload(first(event.dataTransfer));
    });
  }

  async upload(picture: File | undefined): Promise<void> {
    if (picture) await this.send("picture", { picture: await fitting(picture).catch(() => picture) });
  }

  // The server keeps it, or the part of it, and says which picture that is.
  private async send(what: string, fields: Record<string, string | File>): Promise<void> {
    const body = new FormData();
    body.set("csrf", this.form.querySelector<HTMLInputElement>('[name="csrf"]')!.value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    this.place.classList.add("busy");
    const answer = await fetch(`${this.form.dataset["stage"]}/${what}`, { method: "POST", body }).catch(() => null);
    this.place.classList.remove("busy");
    const ok = answer?.ok === true;
    this.button("upload-said").hidden = ok;
    this.file.value = ""; // sent already
    if (ok) this.show(((await answer.json()) as { id: string }).id);
  }

  private show(id: string): void {
    this.kept.value = id;
    this.buttons();
    this.changed();
  }

  private buttons(): void {
    const there = this.kept.value !== "";
    const ours = there && !this.kept.value.includes("/"); // else it is copied when the ad is saved
    this.button("remove").hidden = !there;
    this.button("crop").hidden = !ours;
    const thumb = this.button("thumb");
    const shown = thumb.querySelector("img") ?? document.createElement("img");
    shown.alt = "";
    thumb.hidden = !there;
    if (ours && shown.src !== this.address()) {
      shown.src = this.address();
      thumb.replaceChildren(shown);
    }
  }
}
