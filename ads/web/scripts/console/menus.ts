// Menus are <details>: they open without a script; this closes them as people expect.

import { all } from "./dom";

// `?` lists the shortcuts; whoever types with a voice or a tremor may switch single keys off.
const OFF = "passalong-no-keys";

export function shortcuts(): void {
  const list = document.querySelector<HTMLDialogElement>("dialog.keys");
  const choice = list?.querySelector<HTMLInputElement>("[data-single-keys]");
  if (!list || !choice) return;
  choice.checked = localStorage.getItem(OFF) === null;
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  for (const button of all("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => list.showModal());
  }
  document.addEventListener("keydown", (event) => {
    const typing = (event.target as Element).closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
    if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || !choice.checked || list.open) return;
    event.preventDefault();
    list.showModal();
  });
}

export function menus(): void {
  const open = (): HTMLDetailsElement[] => all<HTMLDetailsElement>("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-chosen]")?.dataset["chosen"];
    if (!name) return;
    // Once the sheet is open and has focused its first button.
    requestAnimationFrame(() => {
      const chosen = document.querySelector<HTMLElement>(`#options [name="${name}"]:checked`);
      chosen?.focus();
      chosen?.closest("fieldset")?.scrollIntoView();
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
