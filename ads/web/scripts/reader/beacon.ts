// Events on their way to `send`: by fetch while the page lives, again and again after twice as long
// until they have luck, for two days (a beacon cannot see a 503), by a beacon when it is left.

import { facts } from "./facts";
import { n, p, random } from "./hop";
import { kept, silent } from "./memory";
import { AGAIN_MS, BATCH, PATIENCE_MS } from "./rules";
import { Totals, totals } from "./seen";

type Kind = "open" | "view" | "read" | "tap" | "share" | "plain" | "close";

const o = random(16);
export const self = kept("self") && 1;
const queue: object[] = [];

/**
 * Where the link was opened: the site, nothing more; not of those who ask not to be tracked. An app
 * may have written anything there, which no parser of addresses takes.
 */
const site = !silent && document.referrer.split("/")[2];
const send = facts.send + (site && site != location.host ? "?via=" + site : "");

/** Says that something happened; `more` is the slot it is about, or the running totals. */
export function emit(k: Kind, more?: { s: string } | Totals): void {
  const i = k == "open" ? o : random(16);
  queue.push({ k, n, i, o, t: facts.ticket, p, v: 1, self, ...more });
  setTimeout(drain, 0, post);
}

/** A tapped link into the web is counted on its way by the server, once for its `i`. */
export function tapped(to: HTMLAnchorElement): void {
  to.search = "" + new URLSearchParams({ h: n, i: random(16), o, t: facts.ticket });
}

function drain(by: (body: string) => void): void {
  while (queue[0]) by(JSON.stringify(queue.splice(0, BATCH)));
}

function post(body: string, wait = AGAIN_MS): void {
  const again = (answer: Partial<Response>) =>
    answer.status! < 429 || (wait < PATIENCE_MS && setTimeout(post, wait, body, 2 * wait));
  fetch(send, { method: "POST", body, keepalive: true }).then(again, again);
}

function leave(body: string): void {
  // Content blockers stop the beacons of a sandboxed page as a third party's; some browsers have none;
  // and none tells whether it went.
  if (origin == "null" || !navigator.onLine || !navigator.sendBeacon?.(send, body)) post(body);
}

/**
 * What the reader did until now. A page that is left is hidden a moment later: it has no more to tell
 * then.
 */
export function tell(event: Event): void {
  const read = totals(event.type == "pagehide");
  if (read) emit("read", read);
  drain(leave);
}
