// What was seen: slots by the 50 % / 1 second rule, the article by time and depth.

import { find, max, min, on } from "./dom";

const TICK_MS = 200;
const VIEW_MS = 1000;
/** Square pixels from which 30 % are enough (MRC's rule for large formats: 970 x 250). */
const LARGE = 242500;
/** Points a side, at which it is asked whether something lies over the slot. */
const GRID = 5;

/** Whether enough of an element can be seen: inside the window, and with nothing over it. */
function visible(at: HTMLElement): boolean {
  const box = at.getBoundingClientRect();
  const area = box.width * box.height;
  const x = max(box.left, 0);
  const y = max(box.top, 0);
  const wide = min(box.right, innerWidth) - x;
  const high = min(box.bottom, innerHeight) - y;
  let hits = 0;
  // Outside the window there is no element at any point.
  for (let point = GRID * GRID; point--; ) {
    const across = x + (wide * ((point % GRID) + 0.5)) / GRID;
    const down = y + (high * (((point / GRID) | 0) + 0.5)) / GRID;
    if (at.contains(document.elementFromPoint(across, down))) hits++;
  }
  const seen = (wide * high * hits) / GRID / GRID;
  const needed = area * (area < LARGE ? 0.5 : 0.3);
  return seen >= max(needed, 1) && at.checkVisibility?.({ checkOpacity: true }) !== false;
}

/** Calls `seen` once, when the slot has been viewable for one continuous second. */
export function viewing(at: HTMLElement, seen: () => void): void {
  let since = 0;
  let before = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    // A pause between ticks (a frozen or sleeping page) is time that nobody vouches for.
    const awake = !document.hidden && document.hasFocus() && now - before < 4 * TICK_MS;
    before = now;
    since = awake && visible(at) ? since || now : 0;
    if (since && now - since >= VIEW_MS) {
      clearInterval(timer);
      seen();
    }
  }, TICK_MS);
}

export interface Totals {
  ms: number;
  pct: number;
}

/** Our share block stands where the article ends. */
const end = find("note-pass")!;
let since = NaN;
let spent = 0;
let reached = 0;
let told = 0;

function look(): void {
  const length = end.getBoundingClientRect().top + scrollY;
  reached = max(reached, min(100, (100 * (scrollY + innerHeight)) / length));
}

function count(): void {
  const now = performance.now();
  spent += now - since || 0;
  since = document.hidden ? NaN : now;
}

/** Starts to measure how long and how far the article is read. */
export function reading(): void {
  on("scroll", look);
  count();
  look();
}

/**
 * Running totals, asked for whenever the page is shown or hidden; nothing if neither has changed
 * since the last call.
 */
export function totals(): Totals | undefined {
  count();
  // Neither ever falls, so their sum tells whether one has grown.
  return told == (told = spent + reached) ? undefined : { ms: spent | 0, pct: reached | 0 };
}
