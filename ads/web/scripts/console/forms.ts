// Comforts of forms: counters, showing a password, asking before what cannot be undone.

import { all, follow, say, words } from "./dom";

// Length as people see it: a wide character counts two, marks and joined ones nothing.
export function weight(text: string): number {
  let total = 0;
  let joined = false;
  for (const char of text.normalize("NFC")) {
    const joins = /[\u200d\u{1f3fb}-\u{1f3ff}]|\p{M}/u.test(char);
    if (!joins && !joined) total += WIDE.test(char) ? 2 : 1;
    joined = char === "\u200d";
  }
  return total;
}
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function counter(element: HTMLElement): void {
  const field = element.closest(".field")?.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
  if (!field) return;
  const show = (): void => {
    element.textContent = (words["of"] ?? "{part}/{whole}")
      .replace("{part}", String(weight(field.value)))
      .replace("{whole}", element.dataset["count"] ?? "");
  };
  field.addEventListener("input", show);
  show();
}

function showPassword(field: HTMLInputElement): void {
  const label = field.closest(".field")?.querySelector(".label");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "text small-text";
  const show = (): void => {
    button.textContent = (field.type === "password" ? words["show"] : words["hide"]) ?? "";
  };
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    show();
  });
  show();
  label?.after(button);
  button.parentElement?.classList.add("with-show");
}

// A choice shows at once, on a page of its own. Whoever chooses by keyboard goes on from there: the
// sheet is open again, the focus on the choice.
function following(form: HTMLFormElement): void {
  form.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement;
    follow(form, field.matches(":focus-visible") ? `#by-key-${field.name}` : "");
  });
  for (const button of all("[data-quiet]", form)) button.hidden = true;
  const left = all<HTMLInputElement>(":checked", form).find((field) => location.hash === `#by-key-${field.name}`);
  const sheet = left?.closest<HTMLElement>("[popover]");
  if (sheet && sheet.offsetParent === null && getComputedStyle(sheet).display === "none") sheet.showPopover?.();
  left?.focus();
}

export function forms(): void {
  for (const field of all<HTMLInputElement>("[data-time-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
  all<HTMLInputElement>("input[data-show]").forEach(showPassword);
  all("[data-count]").forEach(counter);
  // A form on its way says so: on a slow line nothing else does.
  document.addEventListener("submit", (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    if (!button || event.defaultPrevented || button.form?.method !== "post") return;
    window.setTimeout(() => (button.disabled = true)); // sent with its name before
    if (button.classList.contains("button")) button.textContent = words["making"] ?? "";
  });
  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!window.confirm(button.dataset["confirm"])) event.preventDefault();
    });
  }
  for (const form of all<HTMLFormElement>("form[data-follow]")) following(form);
  // Older browsers: the sheet stands further down, and what was waited for stays though its answer came.
  for (const button of "popover" in HTMLElement.prototype ? [] : all("[popovertarget]")) {
    button.addEventListener("click", () => document.getElementById(button.getAttribute("popovertarget")!)?.scrollIntoView());
  }
  if (document.querySelector(".done")) document.querySelector(".waiting")?.remove();
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
  say(document.querySelector("[data-said]")?.textContent ?? ""); // what stood there from the start nobody reads out
}

// Back from the cache of pages, a button that was busy can be pressed again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
