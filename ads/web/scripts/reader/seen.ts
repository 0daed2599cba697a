// What was seen: slots by the 50 % / 1 second rule (MRC, Viewable Ad Impression Measurement
// Guidelines), the article by time and depth.

import { find, on } from "./dom";
import { FIRST, LAPSE_MS, LARGE, POINTS, STEP, TICK_MS, VIEW_MS } from "./rules";

/** Whether enough of an element can be seen: on the screen, and with nothing over it. */
function visible(at: HTMLElement): boolean {
  const box = at.getBoundingClientRect();
  const area = box.width * box.height;
  // Of a page enlarged with two fingers the window holds more than the screen shows.
  const {
    offsetLeft = 0,
    offsetTop = 0,
    width = innerWidth,
    height = innerHeight,
  }: Partial<VisualViewport> = window.visualViewport || {};
  const x = Math.max(box.left, offsetLeft);
  const y = Math.max(box.top, offsetTop);
  const wide = Math.min(box.right, offsetLeft + width) - x;
  const high = Math.min(box.bottom, offsetTop + height) - y;
  let hits = 0;
  // None of the points is in a slot that is off the screen.
  for (let across = FIRST; across < 1; across += STEP)
    for (let down = FIRST; down < 1; down += STEP)
      if (at.contains(document.elementFromPoint(x + wide * across, y + high * down))) hits++;
  return (
    area > 0 &&
    (wide * high * hits) / POINTS >= area * (area < LARGE ? 0.5 : 0.3) &&
    at.checkVisibility?.({ checkOpacity: true }) != false
  );
}

// A web view within an app has the focus only once it is tapped (WebKit's on iOS): who scrolls in it
// is there all the same.
let touched = false;
on("touchstart blur", (event) => {
  touched = event.type != "blur";
});

/** Calls `seen` once, when the slot has been viewable for one continuous second. */
export function viewing(at: HTMLElement, seen: () => void): void {
  let since = 0;
  let before = performance.now();
  let timer: number | undefined;
  const look = () => {
    if (since < 0) return; // it was seen, and each look takes a part of a frame
    const now = performance.now();
    const awake = now - before < LAPSE_MS && !document.hidden && (touched || document.hasFocus());
    since = awake && visible(at) ? since || now : 0;
    before = now;
    clearTimeout(timer);
    if (now - (since || now) < VIEW_MS) timer = setTimeout(look, TICK_MS);
    else {
      since = -1;
      seen();
    }
  };
  // What the browser tells is known on time: neither a moment is missed nor a gap.
  on("scroll focus blur visibilitychange", look);
  look();
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
  reached = Math.max(reached, scrollY + innerHeight);
}

function count(left?: boolean): void {
  const now = performance.now();
  spent += now - since || 0;
  since = document.hidden || left ? NaN : now;
}

/** Starts to measure how long and how far the article is read. */
export function reading(): void {
  on("scroll", look);
  count();
  look();
}

/**
 * Running totals, asked for whenever the page is shown, hidden or `left`; nothing if neither has
 * changed since the last call. How long the article is shows only then: pictures without measures make room
 * as they come.
 */
export function totals(left: boolean): Totals | false {
  count(left);
  // Neither ever falls, so their sum tells whether one has grown.
  return told != (told = spent + reached) && {
    ms: spent | 0,
    pct: Math.min(100, (100 * reached) / (end.getBoundingClientRect().top + scrollY)) | 0,
  };
}
