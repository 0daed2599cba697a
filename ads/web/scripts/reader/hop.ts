// A reader's place in the share's tree (contract, section 6; DESIGN, section 5, "The hop").

import { facts } from "./facts";
import { kept } from "./memory";
import { DEEPEST } from "./rules";

// The alphabet of base64url, had from the browser: it is shorter than the letters.
const DIGITS =
  [...Array(62).keys()].map((digit) => btoa(String.fromCharCode(digit << 2))[0]).join("") + "-_";

/** This reader's id, and the id that the link carried when it was made ("": the sharer's own). */
export let n = "";
export let p = "";
/** The reader's own link, to be forwarded. */
export let link = "";

const here = new URL(location.href);
const query = here.searchParams;

export function random(length: number): string {
  let made = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(length))) made += DIGITS[byte & 63];
  return made;
}

/** The depth in an id; 0 for what is none, as for the sharer's own link. Chats stick marks to it. */
function depth(hop: string): number {
  const level = DIGITS.indexOf(hop[0]!) * 64 + DIGITS.indexOf(hop[1]!);
  return /^[\w-]{12}(?![\w-])/.test(hop) && level <= DEEPEST ? level : 0;
}

/**
 * Who this reader is. Without the rule about reloads a reader who keeps nothing would become their
 * own child: then the address already has their own id. `p` beside it tells that from the link as
 * they got it, of a page that did not come at first.
 */
function recall(): void {
  [n = "", p = ""] = `${history.state || kept(facts.share)}`.split(" ");
  if (depth(n)) return;
  const hop = "" + query.get("h");
  const level = depth(hop);
  p = level ? hop.slice(0, 12) : "";
  const before = query.get("p");
  // Reloaded or gone back to; deprecated, and half as long as what has taken its place.
  if (level && before != null && performance.navigation?.type) [n, p] = [p, before];
  else {
    const own = Math.min(level + 1, DEEPEST);
    n = DIGITS[own >> 6]! + DIGITS[own & 63]! + random(10);
  }
}

/** Finds or makes the id and puts it into the address, and so into everything forwarded. */
export function arrive(): void {
  recall();
  const both = n + " " + p;
  query.set("h", n);
  query.set("p", p);
  // Else the state is gone when a strict sandbox is reloaded, or a part of the page was gone to.
  if (kept(facts.share, both)) query.delete("p");
  history.replaceState(both, "", here);
  // Safari and Chrome share the canonical address rather than the address bar.
  const canonical = document.createElement("link");
  // Not as a property: who looks for one in the HTML must not find this line.
  canonical.setAttribute("rel", "canonical");
  // Nor is a copy on a disk, or a translation by way of another site, what anybody can open.
  link = canonical.href = facts.send.slice(0, -1) + "s/" + facts.share + "?h=" + n;
  document.head.append(canonical);
}
