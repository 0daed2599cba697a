// Words that every part says often: this script is in every page.

/** Listens to each of `types` before anything else does. */
export function on(types: string, then: (event: Event) => void, at: EventTarget = window): void {
  for (const type of types.split(" ")) at.addEventListener(type, then, true);
}

export function find<Found extends Element>(selector: string): Found | null {
  return document.querySelector<Found>(selector);
}
