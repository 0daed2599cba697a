// The buttons: hand on this reader's link, or the original without the ad; and the ad's own.

import { emit, self, tapped } from "./beacon";
import { find, on } from "./dom";
import { link, n } from "./hop";

type Pressed = HTMLAnchorElement & HTMLButtonElement;

/** Browsers before 2022 know no dialogs: to them it is an element that is open or not. */
const dialog = find<HTMLDialogElement>("note-pass dialog")!;

/** Into the clipboard, which the button itself says for a moment. */
async function copy(text: string, by: Pressed): Promise<void> {
  const word = by.lastElementChild || by;
  const before = word.textContent;
  const said = by.dataset.said!;
  try {
    await navigator.clipboard.writeText(text);
    word.textContent = said;
    if (before != said) setTimeout(() => (word.textContent = before), 2000);
  } catch {
    // Without one (plain http, some chat browsers) the link stands there, selected.
    const field = find<HTMLInputElement>("note-pass input")!;
    field.value = text;
    dialog.showModal?.();
    dialog.setAttribute("open", "");
    field.select();
  }
}

async function share(url: string, by: Pressed): Promise<void> {
  try {
    await navigator.share({ title: document.title, url });
  } catch (error) {
    // A reader who changed their mind wants no copy either.
    if ((error as Error).name != "AbortError") copy(url, by);
  }
}

function inSlot(by: Pressed, s: string): void {
  // A link cannot say that its browser is out of the count: then the tap comes by beacon.
  if (/^http/.test(by.href) && !self) tapped(by);
  else if (by.value || by.href) emit("tap", { s });
  if (by.value) copy(by.value, by);
}

function inFrame(by: Pressed, event: Event): void {
  const what = by.dataset.passalong || by.value;
  const plain = what == "plain";
  if (what == "close") {
    dialog.close?.();
    return dialog.removeAttribute("open");
  }
  // Those that have a word to say hand something on; all others are links.
  if (!by.dataset.said) return;
  event.preventDefault();
  emit(plain ? "plain" : "share");
  (what == "copy" ? copy : share)(plain ? by.href : link, by);
}

function press(event: Event): void {
  // The middle button opens a link in a tab of its own; the right one only asks for a menu.
  if ((event as MouseEvent).button > 1) return;
  const by = (event.target as Element).closest<Pressed>("a,button");
  const slot = by?.closest<HTMLElement>("[data-slot]");
  if (slot) inSlot(by!, slot.dataset.slot!);
  else if (by?.closest("note-pass,note-line")) inFrame(by, event);
}

export function buttons(): void {
  on("click auxclick", press);
  // The code stands closed, and is asked for when somebody opens it.
  find<HTMLImageElement>("note-pass img")!.src += "?h=" + n;
}
