// The sticky slot: in the flow without this script, at the foot with it, gone with one tap.

import { emit } from "./beacon";
import { on } from "./dom";
import { element, facts } from "./facts";
import { kept } from "./memory";
import { APPEARS_MS } from "./rules";

export function sticky(): void {
  const at = element("sticky");
  const key = "closed-" + facts.share;
  if (!at || (at.hidden = !!kept(key))) return;
  // The room at the page's end stays after closing, so that nothing moves.
  at.before(document.createElement("note-room"));
  // Never over the first screenful of text, nor when the reader comes back to it: what it covers
  // must have been below, or be its room, which is as high as the bar (room.css).
  const show = () => {
    const below = document.body.scrollHeight - innerHeight;
    at.dataset.on = scrollY + 1 >= Math.min(at.offsetHeight, below) ? "x" : "wait";
  };
  at.dataset.on = "wait";
  setTimeout(show, APPEARS_MS);
  on("scroll", show);
  const close = () => {
    at.hidden = true;
    kept(key, "x");
    emit("close", { s: "sticky" });
  };
  on("click", (event) => (event.target as Element).className == "z" && close(), at);
  on("keydown", (event) => (event as KeyboardEvent).key == "Escape" && close(), at);
}
