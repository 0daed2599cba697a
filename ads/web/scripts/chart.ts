// Draws the report's two charts from the numbers in the page. The answer stands in the caption and
// the same numbers in a table, with or without this script.

import { axisBottom, axisLeft } from "d3-axis";
import { scaleBand, scaleLinear } from "d3-scale";
import type { ScaleBand, ScaleLinear } from "d3-scale";
import { pointer, select } from "d3-selection";
import type { Selection } from "d3-selection";
import { curveBasis, line } from "d3-shape";

interface Bar {
  label: string;
  read: string; // the read-out: what this bar says in words
}
interface Day extends Bar {
  opens: number;
  seen: number;
  unfinished: boolean;
}
interface Hop extends Bar {
  readers: number;
  rate: string; // to the next hop, "" for none
}
type Facts = { kind: "days"; empty: string; bars: Day[] } | { kind: "hops"; bars: Hop[] };
type Canvas = Selection<SVGGElement, unknown, null, undefined>;

const LOWEST = 250;
const HIGHEST = 420;
const MARGIN = { top: 24, right: 4, bottom: 26, left: 44 };
const language = document.documentElement.lang;
const exact = new Intl.NumberFormat(language);
const compact = new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: 3 });

// What gets no shorter stays exact: Chinese has no word for a thousand.
function short(value: number): string {
  const text = compact.format(value);
  return /^\d+$/.test(text) ? String(value) : text;
}

// A bar is square at zero and a little round at its far end.
function bar(x: number, y: number, width: number, height: number): string {
  const r = Math.min(3, width / 2, height);
  return `M${x},${y + height}v${-(height - r)}q0,${-r} ${r},${-r}h${width - 2 * r}q${r},0 ${r},${r}v${height - r}z`;
}

function stripes(canvas: Canvas, name: string): void {
  const pattern = canvas.append("defs").append("pattern");
  pattern.attr("id", name).attr("width", 6).attr("height", 6);
  pattern.attr("patternUnits", "userSpaceOnUse").attr("patternTransform", "rotate(45)");
  pattern.append("path").attr("d", "M1.5,0v6").attr("stroke-width", 3);
}

class Chart {
  private readonly width: number;
  private readonly canvas: Canvas;
  private readonly bottom: number;

  constructor(private readonly place: HTMLElement, private readonly facts: Facts) {
    this.width = Math.max(240, place.clientWidth);
    // As tall as its card leaves room beside a longer one.
    const height = Math.max(LOWEST, Math.min(HIGHEST, place.clientHeight));
    this.bottom = height - MARGIN.bottom;
    const svg = select(place).append("svg").attr("viewBox", `0 0 ${this.width} ${height}`);
    svg.attr("role", "img").attr("aria-hidden", "true");
    this.canvas = svg.append("g");
  }

  draw(): void {
    if (this.facts.kind === "days") this.days(this.facts.bars, this.facts.empty);
    else this.hops(this.facts.bars);
    this.readOut();
  }

  private x(left: number): ScaleBand<string> {
    const names = this.facts.bars.map((_, at) => String(at));
    return scaleBand(names, [left, this.width - MARGIN.right]).paddingInner(0.36).paddingOuter(0.18);
  }

  private y(most: number): ScaleLinear<number, number> {
    // The top is a round number above the maximum, with three grid lines at most.
    return scaleLinear([0, Math.max(1, most)], [this.bottom, MARGIN.top]).nice(3);
  }

  // Labels that fit: every one, every second, …; the last always.
  private labels(x: ScaleBand<string>): void {
    const bars = this.facts.bars;
    const widest = Math.max(...bars.map((each) => each.label.length)) * 7 + 8;
    const every = Math.max(1, Math.ceil(widest / x.step()));
    const last = bars.length - 1;
    const kept = x.domain().filter((name) => {
      const at = Number(name);
      return at === last || (at % every === 0 && last - at >= every);
    });
    const axis = axisBottom(x).tickValues(kept).tickSize(0).tickPadding(8);
    axis.tickFormat((name) => bars[Number(name)]?.label ?? "");
    this.canvas.append("g").attr("class", "axis").attr("transform", `translate(0,${this.bottom})`).call(axis);
  }

  private grid(y: ScaleLinear<number, number>): void {
    const ticks = y.ticks(3).filter(Number.isInteger);
    const axis = axisLeft(y).tickValues(ticks).tickSize(-(this.width - MARGIN.left - MARGIN.right));
    axis.tickFormat((value) => short(Number(value))).tickPadding(8);
    this.canvas.append("g").attr("class", "grid").attr("transform", `translate(${MARGIN.left},0)`).call(axis);
  }

  private number(x: number, y: number, text: string): void {
    this.canvas.append("text").attr("class", "said-so").attr("x", x).attr("y", y).attr("text-anchor", "middle").text(text);
  }

  private days(bars: Day[], empty: string): void {
    stripes(this.canvas, "stripes-lake");
    stripes(this.canvas, "stripes-ember");
    const x = this.x(MARGIN.left);
    const most = Math.max(0, ...bars.map((day) => Math.max(day.opens, day.seen)));
    const y = this.y(most);
    if (most) this.grid(y);
    else this.number(this.width / 2, (this.bottom + MARGIN.bottom) / 2, empty);
    bars.forEach((day, at) => {
      const left = x(String(at)) ?? 0;
      this.column("opens", left, x.bandwidth(), y(day.opens), day);
      this.column("seen", left + x.bandwidth() / 4, x.bandwidth() / 2, y(day.seen), day);
    });
    const peak = bars.findIndex((day) => day.opens === most);
    if (most && peak >= 0) this.number((x(String(peak)) ?? 0) + x.bandwidth() / 2, y(most) - 6, exact.format(most));
    this.labels(x);
  }

  private column(tone: string, left: number, width: number, top: number, day: Day): void {
    if (top >= this.bottom) return;
    const path = this.canvas.append("path").attr("d", bar(left, top, width, this.bottom - top));
    path.attr("class", `${tone}${day.unfinished ? " soft" : ""}`);
  }

  private hops(bars: Hop[]): void {
    const x = this.x(0);
    const most = Math.max(1, ...bars.map((hop) => hop.readers));
    // Room above for the number, the arc and its rate.
    const y = scaleLinear([0, most], [this.bottom, MARGIN.top + 44]);
    const middle = (at: number): number => (x(String(at)) ?? 0) + x.bandwidth() / 2;
    // In full where that fits beside the next one: the first of 29,200 would be cut to 9,200.
    const fits = exact.format(most).length * 8 < x.step();
    bars.forEach((hop, at) => {
      const top = y(hop.readers);
      const path = bar(x(String(at)) ?? 0, Math.min(top, this.bottom - 1), x.bandwidth(), Math.max(1, this.bottom - top));
      if (hop.readers) this.canvas.append("path").attr("class", "hop").attr("d", path);
      this.number(middle(at), top - 6, fits ? exact.format(hop.readers) : short(hop.readers));
    });
    bars.forEach((hop, at) => this.arc(hop, middle(at), y(hop.readers), middle(at + 1), bars[at + 1], y));
    this.labels(x);
  }

  private arc(hop: Hop, x1: number, top: number, x2: number, next: Hop | undefined, y: ScaleLinear<number, number>): void {
    const y1 = top - 24;
    this.canvas.append("circle").attr("class", "foot").attr("cx", x1).attr("cy", y1).attr("r", 2.5);
    if (!next || !hop.rate) return;
    const y2 = y(next.readers) - 24;
    const lift = Math.min(y1, y2) - 18;
    const path = line().curve(curveBasis)([[x1, y1], [x1 + (x2 - x1) * 0.3, lift], [x1 + (x2 - x1) * 0.65, lift + (y2 - lift) * 0.3], [x2, y2]]);
    this.canvas.append("path").attr("class", "arc").attr("d", path);
    this.canvas.append("text").attr("class", "rate").attr("x", (x1 + x2) / 2 + 4).attr("y", Math.min(y1, y2) - 18).attr("text-anchor", "middle").text(hop.rate);
  }

  // Touch and hover show one line above the chart, never a floating box.
  private readOut(): void {
    const out = this.place.parentElement?.querySelector(".readout");
    const bars = this.facts.bars;
    if (!out || !bars.length) return;
    const x = this.x(this.facts.kind === "days" ? MARGIN.left : 0);
    const rest = out.textContent;
    const say = (text: string | null, told: boolean): void => {
      out.textContent = text;
      out.classList.toggle("told", told);
    };
    select(this.place).on("pointermove pointerdown", (event: PointerEvent) => {
      const at = Math.floor((pointer(event, this.canvas.node())[0] - (x.range()[0] ?? 0)) / x.step());
      say(bars[Math.max(0, Math.min(bars.length - 1, at))]?.read ?? "", true);
    });
    select(this.place).on("pointerleave", () => say(rest, false));
  }
}

function drawAll(): void {
  const places = Array.from(document.querySelectorAll<HTMLElement>(".chart[data-facts]"));
  for (const place of places) place.replaceChildren(); // first all: one's height is the other's room
  for (const place of places) {
    const facts = document.getElementById(place.dataset["facts"] ?? "")?.textContent;
    if (facts) new Chart(place, JSON.parse(facts) as Facts).draw();
  }
}

const opened = new Set<string>();

function rowsButtons(): void {
  for (const button of Array.from(document.querySelectorAll<HTMLElement>("[data-rows]"))) {
    const name = button.dataset["rows"] ?? "";
    const show = (): void => {
      document.getElementById(name)?.classList.toggle("shown", opened.has(name));
      button.setAttribute("aria-expanded", String(opened.has(name)));
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (!opened.delete(name)) opened.add(name);
      show();
    });
    show();
  }
}

let drawn = 0;
new ResizeObserver(() => {
  if (document.body.clientWidth !== drawn) {
    drawn = document.body.clientWidth;
    drawAll();
  }
}).observe(document.body);

rowsButtons();
document.addEventListener("refreshed", () => {
  drawAll();
  rowsButtons();
});
