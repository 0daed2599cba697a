// Events on their way to `send`: fetch with one retry while the page lives (a beacon cannot see a
// 503), a beacon when it is left. What had no luck goes with what is sent next.

import { on } from "./dom";
import { facts } from "./facts";
import { n, p, random } from "./hop";
import { kept, silent } from "./memory";
import { AGAIN_MS, BATCH } from "./rules";
import { Totals, totals } from "./seen";

type Kind = "open" | "view" | "read" | "tap" | "share" | "plain" | "close";

const o = random(16);
export const self = kept("self") ? 1 : undefined;
const queue: object[] = [];

/**
 * Where the link was opened: the site, nothing more; not of those who ask not to be tracked. An app
 * may have written anything there.
 */
const site = !silent && /^[\w-]+:\/\/([\w.-]+)/.exec(document.referrer)?.[1];
const send = facts.send + (site && site != location.hostname ? "?via=" + site : "");

/** Says that something happened; `more` is the slot it is about, or the running totals. */
export function emit(k: Kind, more?: { s: string } | Totals): void {
  const i = k == "open" ? o : random(16);
  queue.push({ v: 1, t: facts.ticket, i, o, n, p, k, self, ...more });
  setTimeout(drain, 0, post);
}

/** A tapped link into the web is counted on its way by the server, once for its `i`. */
export function tapped(to: HTMLAnchorElement): void {
  to.search = "" + new URLSearchParams({ h: n, i: random(16), o, t: facts.ticket });
}

function drain(by: (body: string) => void): void {
  while (queue[0]) by(JSON.stringify(queue.splice(0, BATCH)));
}

function post(body: string, last?: unknown): void {
  const again = (answer: Partial<Response>) =>
    answer.status! < 429 ||
    (last ? queue.unshift(...JSON.parse(body)) : setTimeout(post, AGAIN_MS, body, true));
  fetch(send, { method: "POST", body, keepalive: true }).then(again, again);
}

function leave(body: string): void {
  // Content blockers stop the beacons of a sandboxed page as a third party's; some browsers have none;
  // and none tells whether it went.
  const { onLine } = navigator;
  if (origin == "null" || !onLine || !navigator.sendBeacon?.(send, body)) post(body, true);
}

/** On every hide and once more at the end; a return has nothing new to say but what had no luck. */
function turn({ type }: Event): void {
  const read = totals();
  if (read) emit("read", read);
  drain(type == "online" ? post : leave);
}

export function watch(): void {
  on("visibilitychange pagehide online", turn);
}
