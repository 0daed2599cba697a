// Handing a link on: clipboard, the system's share sheet, and selecting the text where both are missing.

import { all, say, words } from "./dom";

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(words["copied"]);
  } catch {
    select(document.querySelector<HTMLElement>("[data-selectable]"));
    say(words["select"]);
  }
}

function select(element: HTMLElement | null): void {
  if (!element) return;
  if (element instanceof HTMLInputElement) return element.select();
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

export function handOn(within: ParentNode): void {
  for (const element of all("[data-shown]", within)) element.hidden = false;
  for (const button of all("[data-copy]", within)) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button.dataset["copy"] ?? ""));
  }
  for (const button of all("[data-share]", within)) {
    if (typeof navigator.share !== "function") continue;
    button.hidden = false;
    const { share: url = "", title = "" } = button.dataset;
    button.addEventListener("click", () => {
      navigator.share({ url, title }).catch(() => undefined); // closing the sheet is no fault
    });
  }
}
