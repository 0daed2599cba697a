// The reader's script: who read, from whom they had the link, and what they saw of the ad
// (contract, sections 5 and 6; DESIGN, section 5). It keeps to the page's policy: no eval, no HTML
// from strings, no request but to `send`.

import { emit, tell } from "./reader/beacon";
import { on } from "./reader/dom";
import { element, facts, pick } from "./reader/facts";
import { arrive, n } from "./reader/hop";
import { reading, viewing } from "./reader/seen";
import { buttons } from "./reader/share";
import { sticky } from "./reader/sticky";

let started = false;

/** Every variant is in the page; the first one is what readers without scripts see. */
function show(at: HTMLElement, variant: string | undefined): void {
  at.querySelectorAll<HTMLElement>("[data-v]").forEach((part) => {
    part.hidden = part.dataset.v != variant;
  });
}

/** Starts when a person can see the page; one that is prerendered is hidden until then. */
function start(): void {
  if (started || document.hidden) return;
  started = true;
  arrive();
  emit("open");
  for (const slot of facts.slots) {
    const at = element(slot.slot);
    if (!at) continue;
    show(at, pick(n, slot));
    viewing(at, () => emit("view", { s: slot.slot }));
  }
  reading();
  on("visibilitychange pagehide", tell);
  sticky();
  buttons();
}

on("visibilitychange", start);
start();
