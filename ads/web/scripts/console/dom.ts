// What every part of the console's script leans on: the page's words, and saying something.

export const words = document.getElementById("words")?.dataset ?? {};
const said = document.getElementById("said");

export function all<T extends HTMLElement>(selector: string, within: ParentNode = document): T[] {
  return Array.from(within.querySelectorAll<T>(selector));
}

// Buttons of which one is pressed: by a click, or by its value with what is returned.
export function oneOf(buttons: HTMLButtonElement[], chosen: (value: string) => void): (value: string) => void {
  const press = (value: string): void => {
    for (const each of buttons) each.setAttribute("aria-pressed", String(each.value === value));
    chosen(value);
  };
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      press(button.value);
    });
  }
  return press;
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
