// Which part of a picture is seen: dragged or moved by arrow keys under a frame of a fixed shape.
// The server cuts; this only says where.

import { all, oneOf } from "./dom";

type Part = Record<"x" | "y" | "w" | "h", string>;

export class Cropper {
  private readonly sheet = document.querySelector<HTMLDialogElement>("dialog.crop");
  private readonly frame = this.sheet?.querySelector<HTMLElement>(".cropper");
  private readonly picture = this.sheet?.querySelector("img");
  private readonly zoom = this.sheet?.querySelector<HTMLInputElement>('input[type="range"]');
  private readonly cut = this.sheet?.querySelector<HTMLButtonElement>("[data-cut]");
  private left = 0;
  private top = 0;
  private use: (part: Part) => void = () => undefined;

  constructor() {
    const { sheet, frame, picture, zoom } = this;
    if (!sheet || !frame || !picture || !zoom) return;
    oneOf(all<HTMLButtonElement>("[data-shape]", sheet), (shape) => {
      frame.style.aspectRatio = shape;
      this.middle();
    });
    frame.addEventListener("pointerdown", (event) => frame.setPointerCapture(event.pointerId));
    frame.addEventListener("pointermove", (event) => {
      if (frame.hasPointerCapture(event.pointerId)) this.move(event.movementX, event.movementY);
    });
    frame.addEventListener("keydown", (event) => {
      const steps: Record<string, [number, number]> = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] };
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      this.move(...step);
    });
    zoom.addEventListener("input", () => this.move(0, 0));
    picture.addEventListener("load", () => {
      this.cut!.disabled = false;
      this.middle();
    });
    this.cut?.addEventListener("click", () => {
      const part = this.part(); // once closed, the frame measures nothing
      sheet.close();
      this.use(part);
    });
  }

  open(address: string, use: (part: Part) => void): void {
    if (!this.sheet || !this.picture || !this.zoom) return;
    this.use = use;
    this.zoom.value = "100";
    this.cut!.disabled = true; // until there is a picture to cut
    this.picture.removeAttribute("src");
    this.picture.src = address;
    this.sheet.showModal();
  }

  // The picture covers the frame, as large as the slider says: its sides in pixels.
  private sides(): [number, number] {
    const { frame, picture, zoom } = this;
    const { clientWidth: w, clientHeight: h } = frame!;
    const { naturalWidth: iw, naturalHeight: ih } = picture!;
    const scale = (Math.max(w / iw, h / ih) * Number(zoom!.value)) / 100;
    return [iw * scale, ih * scale];
  }

  private middle(): void {
    if (!this.picture?.naturalWidth) return;
    const [width, height] = this.sides();
    this.left = (this.frame!.clientWidth - width) / 2;
    this.top = (this.frame!.clientHeight - height) / 2;
    this.move(0, 0);
  }

  private move(x: number, y: number): void {
    const [width, height] = this.sides();
    this.left = Math.min(0, Math.max(this.frame!.clientWidth - width, this.left + x));
    this.top = Math.min(0, Math.max(this.frame!.clientHeight - height, this.top + y));
    const style = this.picture!.style;
    [style.width, style.left, style.top] = [`${width}px`, `${this.left}px`, `${this.top}px`];
  }

  private part(): Part {
    const [width, height] = this.sides();
    const share = (value: number): string => Math.min(1, Math.max(0, value)).toFixed(5);
    const { clientWidth, clientHeight } = this.frame!;
    return { x: share(-this.left / width), y: share(-this.top / height), w: share(clientWidth / width), h: share(clientHeight / height) };
  }
}
