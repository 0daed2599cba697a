// What the browser may keep for us. A strict sandbox has no storage at all, and a reader who asks
// not to be tracked (GPC, DNT) gets none.

const { globalPrivacyControl, doNotTrack } = navigator as Navigator & {
  globalPrivacyControl?: boolean;
};
export const silent = globalPrivacyControl || doNotTrack == "1";

export function load(key: string): string | null | undefined {
  try {
    // The one key that its owner set on purpose, to be left out: honoured for everybody.
    return silent && key != "self" ? null : localStorage["passalong-" + key];
  } catch {
    return null;
  }
}

export function save(key: string, value: string): void {
  try {
    if (!silent) localStorage["passalong-" + key] = value;
  } catch {
    // Then it holds for this page view only.
  }
}
