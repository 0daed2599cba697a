// Words that every part says often: this script is in every page.

export const { min, max } = Math;

/** Listens before anything else does. */
export function on(type: string, then: (event: Event) => void, at: EventTarget = window): void {
  at.addEventListener(type, then, true);
}

export function find<Found extends Element>(selector: string): Found | null {
  return document.querySelector<Found>(selector);
}
