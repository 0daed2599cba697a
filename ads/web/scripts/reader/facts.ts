// What the page says about itself (contract, section 5), and which variant a reader sees.

import { find } from "./dom";

interface Facts {
  share: string;
  ticket: string;
  send: string;
  slots: Slot[];
}

export interface Slot {
  slot: string;
  variants: string[];
  weights: number[];
}

export const facts = JSON.parse(find("#passalong")!.textContent!) as Facts;

export function element(slot: string): HTMLElement | null {
  return find(`note-card[data-slot=${slot}]`);
}

/** Contract, section 4: FNV-1a32(hop) mod the sum of the weights, counted along them in order. */
export function pick(hop: string, { variants, weights }: Slot): string | undefined {
  let hash = 0x811c9dc5;
  for (const letter of hop) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  let rest = (hash >>> 0) % weights.reduce((sum, weight) => sum + weight, 0);
  return variants.find((_, at) => (rest -= weights[at]!) < 0);
}
