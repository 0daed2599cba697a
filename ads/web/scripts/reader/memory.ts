// What the browser may keep for us. A strict sandbox has no storage at all, and a reader who asks
// not to be tracked (GPC, DNT) gets none.

const { globalPrivacyControl, doNotTrack } = navigator as Navigator & {
  globalPrivacyControl?: boolean;
};
export const silent = globalPrivacyControl || doNotTrack == "1";

/** What is kept under a key, once `value` is, if there is one: a page view's memory is the least. */
export function kept(key: string, value?: string): string | undefined {
  try {
    const name = "passalong-" + key;
    // The one key that its owner set on purpose, to be left out: honoured for everybody.
    if (!silent || key == "self") {
      if (value) localStorage[name] = value;
      return localStorage[name];
    }
  } catch {
    // Then it holds for this page view only.
  }
  return;
}
