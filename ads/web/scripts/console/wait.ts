// What changes by itself: the first reader, a report under way, a try that is made again.

import { say, words } from "./dom";

// Loads this page again and takes over the element if it changed.
async function again(id: string): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = answer.ok ? page.getElementById(id) : null;
  const current = document.getElementById(id);
  if (!fresh || !current || fresh.innerHTML === current.innerHTML) return;
  current.replaceChildren(...Array.from(fresh.childNodes));
  document.dispatchEvent(new Event("refreshed"));
}

// Whoever goes through it by keyboard keeps their place: what has the focus is not replaced.
const held = (element: HTMLElement): boolean => element.querySelector(":focus-visible") !== null;

// Looks again every few seconds while somebody does.
export function live(element: HTMLElement): void {
  const seconds = Number(element.dataset["live"]) || 5;
  const tick = (): void => {
    (document.visibilityState === "visible" && !held(element) ? again(element.id) : Promise.resolve())
      .catch(() => undefined) // the next round tries again
      .then(() => window.setTimeout(tick, seconds * 1000));
  };
  window.setTimeout(tick, seconds * 1000);
}

// Follows a link by itself after so many seconds; `data-once` only the first time.
export function retry(link: HTMLAnchorElement): void {
  const url = new URL(link.href);
  if (link.dataset["once"] !== undefined) {
    if (new URLSearchParams(location.search).has("tried")) return;
    url.searchParams.set("tried", "1");
  }
  let left = Number(link.dataset["retry"]) || 3;
  const text = link.textContent ?? "";
  const tick = (): void => {
    link.textContent = `${text} · ${left}`;
    if (left <= 0) location.replace(url.href);
    else window.setTimeout(tick, 1000);
    left -= 1;
  };
  tick();
}

// Sends a form once more that was not taken: the browser has what was typed in it.
export function resend(link: HTMLAnchorElement): void {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
}

const SHAPES_MS = 200;
const GIVE_UP_MS = 20_000;

// A page that takes its time shows the shapes of a list meanwhile; a visit that was called off
// gets its page back.
export function shapes(): void {
  const drawn = document.querySelector<HTMLTemplateElement>("template#shapes");
  const main = document.querySelector("main");
  if (!drawn || !main) return;
  for (const tab of Array.from(document.querySelectorAll<HTMLAnchorElement>(".tabs a"))) {
    tab.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      window.setTimeout(() => {
        const shown = drawn.content.firstElementChild?.cloneNode(true) as HTMLElement;
        main.hidden = true;
        main.after(shown);
        window.setTimeout(() => {
          main.hidden = false;
          shown.remove();
        }, GIVE_UP_MS);
      }, SHAPES_MS);
    });
  }
}

export function offline(): void {
  const note = document.querySelector<HTMLElement>("[data-offline]");
  const tell = (): void => {
    if (note) note.hidden = navigator.onLine;
  };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
  // Sent now, a form would leave a page of the browser's own, and what was typed would be gone.
  const stay = (event: Event): void => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(words["unreached"]);
  };
  document.addEventListener("submit", stay, true);
}

const AGAIN_MS = 15_000;

// A report that moves: the server says that its figures changed, the page takes over what differs.
// Nothing moves under a hand: while a menu is open, a chart is read or a key moves the focus, the news wait.
export function stream(element: HTMLElement): void {
  if (typeof EventSource !== "function") return;
  let waiting = false;
  let first = true;
  const busy = (): boolean => held(element) || document.querySelector("details[data-menu][open], .chart:hover") !== null;
  const show = (): void => {
    if (!waiting || document.visibilityState !== "visible" || busy()) return;
    waiting = false;
    again(element.id).then(signed, () => undefined);
  };
  const signed = (): void => {
    const sign = document.querySelector<HTMLElement>("[data-live-sign]");
    if (sign) sign.hidden = false;
  };
  // Without the store or the network the numbers stay, with their time, until both are back.
  const stale = (yes: boolean): void => {
    const note = document.querySelector<HTMLElement>("[data-stale]");
    if (note) note.hidden = !yes;
  };
  let source: EventSource;
  const listen = (): void => {
    source = new EventSource(element.dataset["stream"] ?? "");
    source.addEventListener("figures", () => {
      waiting = !first;
      first = false;
      stale(false);
      signed();
      show();
    });
    source.addEventListener("error", () => {
      stale(true);
      if (source.readyState === EventSource.CLOSED) window.setTimeout(listen, AGAIN_MS);
    });
  };
  listen();
  document.addEventListener("visibilitychange", show);
  window.setInterval(show, 2000);
  window.addEventListener("pagehide", () => source.close());
}
