// One field: typed, pasted anywhere on the page, or read from the clipboard by one tap.

import { follow, words } from "./dom";

export function pasting(): void {
  const form = document.getElementById("paste") as HTMLFormElement | null;
  const field = form?.querySelector<HTMLInputElement>("#url");
  const button = form?.querySelector<HTMLElement>("[data-paste]");
  const word = button?.querySelector("span");
  if (!form || !field || !button || !word) return;
  const label = (): void => {
    word.textContent = (field.value ? button.dataset["see"] : button.dataset["paste"]) ?? "";
    field.required = false;
  };
  const go = (text: string): void => {
    field.value = text;
    label();
    form.requestSubmit();
  };
  const ask = (): void => {
    field.focus();
    const hint = document.getElementById("paste-said");
    if (hint) {
      hint.hidden = false;
      hint.textContent = words["press"] ?? "";
    }
  };
  form.addEventListener("submit", (event) => {
    field.value = short(field.value);
    if (field.value.trim()) return;
    event.preventDefault();
    // Refused, or with nothing to be read in it, such as a picture.
    fromClipboard().then((text) => (text.trim() ? go(text) : ask()), ask);
  });
  field.addEventListener("input", label);
  document.addEventListener("paste", (event) => {
    const inField = (event.target as Element | null)?.closest("input, textarea, select");
    const text = event.clipboardData?.getData("text") ?? "";
    if (inField || !text.trim()) return;
    event.preventDefault();
    go(text);
  });
  label();
  // "Make it mine" comes with the article filled in: its preview runs at once. Replaced, so that
  // going back does not run it again.
  if (field.value && new URLSearchParams(location.search).has("url")) follow(form);
}

// An address bar takes some thousand characters: of a whole article that was copied, its first link.
function short(text: string): string {
  if (text.length < 500) return text;
  return (/https?:\/\/[^\s\u3000-\u303f\uff00-\uffef]+/i.exec(text)?.[0] ?? text.slice(0, 500)).slice(0, 7000);
}

function fromClipboard(): Promise<string> {
  return navigator.clipboard ? navigator.clipboard.readText() : Promise.reject(new Error("none"));
}
