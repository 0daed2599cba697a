// The spread's page: branches that open in their place, and the replay of the readers' arrival.

const FRAME_MS = 250;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const exact = new Intl.NumberFormat(document.documentElement.lang);

async function fragment(url: string): Promise<Element | null> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.body.firstElementChild;
}

// --- the list ---------------------------------------------------------------------------------------

class Outline {
  constructor(private readonly place: HTMLElement) {
    place.addEventListener("click", (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-below], a[data-more]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const work = link.dataset["below"] ? this.turn(link, link.dataset["below"]) : this.more(link);
      work.catch(() => location.assign(link.href));
    });
  }

  private async turn(link: HTMLAnchorElement, hop: string): Promise<void> {
    const row = link.closest("li");
    const open = link.getAttribute("aria-expanded") !== "true";
    const below = row?.nextElementSibling?.matches("li.nested") ? (row.nextElementSibling as HTMLElement) : null;
    link.setAttribute("aria-expanded", String(open));
    if (below) below.hidden = !open;
    else if (open && row) {
      const list = await fragment(`${this.place.dataset["outline"]}?hop=${encodeURIComponent(hop)}`);
      const item = document.createElement("li");
      item.className = "nested";
      if (list) item.append(list);
      row.after(item);
    }
  }

  private async more(link: HTMLAnchorElement): Promise<void> {
    const list = await fragment(link.href);
    link.closest("li")?.replaceWith(...Array.from(list?.children ?? []));
  }
}

// --- the replay -------------------------------------------------------------------------------------

class Replay {
  private steps: number[][] = [];
  private timer = 0;
  private readonly button = this.place.querySelector<HTMLButtonElement>(".play");
  private readonly slider = this.place.querySelector<HTMLInputElement>("input[type=range]");
  private readonly until = this.place.querySelector<HTMLElement>("[data-until]");

  constructor(private readonly place: HTMLElement) {
    if (!this.button || !this.slider) return;
    this.button.hidden = this.slider.hidden = false;
    this.button.addEventListener("click", () => void this.press());
    this.slider.addEventListener("input", () => {
      this.stop();
      void this.show();
    });
  }

  private async load(): Promise<void> {
    if (this.steps.length) return;
    const answer = await fetch(this.place.dataset["replay"] ?? "");
    this.steps = ((await answer.json()) as { steps: number[][] }).steps;
  }

  private async press(): Promise<void> {
    if (this.timer) return this.stop();
    await this.load();
    const slider = this.slider!;
    if (Number(slider.value) >= this.steps.length) slider.value = still.matches ? slider.value : "1";
    if (still.matches) {
      slider.value = String((Number(slider.value) % this.steps.length) + 1);
      return this.show();
    }
    this.button?.setAttribute("aria-pressed", "true");
    this.timer = window.setInterval(() => {
      if (Number(slider.value) >= this.steps.length) return this.stop();
      slider.value = String(Number(slider.value) + 1);
      void this.show();
    }, FRAME_MS);
    await this.show();
  }

  private stop(): void {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.button?.setAttribute("aria-pressed", "false");
  }

  // The columns as high as they were; the ribbons come back at the end.
  private async show(): Promise<void> {
    await this.load();
    const at = Number(this.slider?.value) - 1;
    const last = at >= this.steps.length - 1;
    const step = this.steps[at] ?? [];
    document.getElementById("map")?.classList.toggle("playing", !last);
    if (this.until) this.until.textContent = this.until.dataset["times"]?.split("|")[at] ?? "";
    this.slider?.setAttribute("aria-valuetext", this.until?.textContent ?? "");
    this.place.querySelector(".mark")?.setAttribute("d", `M${(at + 1) * 10} 0v40`);
    document.querySelectorAll<SVGGElement>("[data-column]").forEach((column, depth) => {
      const whole = Number(column.dataset["readers"]) || 1;
      const here = last ? whole : this.at(step, depth);
      const part = Math.min(1, here / whole);
      column.querySelector(".parts")?.setAttribute("transform", `translate(0 ${500 * (1 - part)}) scale(1 ${part})`);
      const count = column.querySelector<SVGTextElement>(".count");
      const top = Number(count?.dataset["y"] ?? count?.getAttribute("y"));
      if (!count) return;
      count.dataset["y"] = String(top);
      count.setAttribute("y", String(500 - (500 - top - 8) * part - 8));
      count.textContent = exact.format(here);
    });
    document.querySelectorAll<HTMLElement>("[data-row]").forEach((row, depth) => {
      const bar = row.querySelector<SVGRectElement>(".track rect");
      const whole = Number(document.querySelectorAll<SVGGElement>("[data-column]")[depth]?.dataset["readers"]) || 1;
      const here = last ? whole : this.at(step, depth);
      if (bar) {
        bar.dataset["full"] ??= bar.getAttribute("width") ?? "0";
        bar.setAttribute("width", String((parseFloat(bar.dataset["full"]) * here) / whole) + (bar.dataset["full"].endsWith("%") ? "%" : ""));
      }
      const number = row.querySelector("td.num");
      if (number) number.textContent = exact.format(here);
    });
  }

  private at(step: number[], depth: number): number {
    return step[depth] ?? 0;
  }
}

document.querySelectorAll<HTMLElement>("[data-outline]").forEach((place) => new Outline(place));
document.querySelectorAll<HTMLElement>("[data-replay]").forEach((place) => new Replay(place));
document.querySelectorAll<HTMLElement>("[data-ahead]").forEach((map) => void fetch(map.dataset["ahead"] ?? "").catch(() => {}));
