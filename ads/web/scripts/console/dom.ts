// What every part of the console's script leans on: the page's words, and saying something.

export const words = document.getElementById("words")?.dataset ?? {};
const said = document.getElementById("said");

export function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return Array.from(within.querySelectorAll<T>(selector));
}

export function say(text: string | undefined): void {
  if (!said || !text) return;
  said.textContent = text;
  window.setTimeout(() => (said.textContent = ""), 4000);
}

export function query(form: HTMLFormElement): string {
  const pairs: [string, string][] = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") pairs.push([name, value]);
  });
  return new URLSearchParams(pairs).toString();
}

export function follow(form: HTMLFormElement, at = ""): void {
  location.replace(`${form.action}?${query(form)}${at}`);
}
