// The numbers that decide what is counted and sent. A file of its own: so they are written into
// their places when the script is bundled, and take no names.

/** A call's most events (contract, section 6). */
export const BATCH = 32;
/** Until a refused call is sent once more; then twice as long each time. */
export const AGAIN_MS = 3000;
/** A longer wait is none: some 55 hours in all, of the 96 that a ticket holds for. */
export const PATIENCE_MS = 1e8;

/** Deepest hop (contract, section 6). */
export const DEEPEST = 1023;

/** The longest step that MRC allows between two looks at a display ad. */
export const TICK_MS = 100;
/** What a slot must be viewable for without a break (MRC). */
export const VIEW_MS = 1000;
/** A longer pause between looks (a frozen or sleeping page) is time that nobody vouches for. */
export const LAPSE_MS = 500;
/** Square pixels from which 30 % are enough (MRC's rule for large formats: 970 x 250). */
export const LARGE = 242500;
/** Five points a side, at which it is asked whether something lies over the slot. */
export const STEP = 0.2;
/** The first of them: half a step from the edge. */
export const FIRST = 0.1;
export const POINTS = 25;

/** Until the sticky slot comes up if the reader does not scroll. */
export const APPEARS_MS = 3000;
