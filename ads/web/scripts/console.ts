// The console's comforts. Every page works without them: forms are sent, links followed, frames
// loaded by the browser itself; this adds clipboard, live preview, counters and waiting.

import { all } from "./console/dom";
import { Editor, widths } from "./console/editor";
import { forms } from "./console/forms";
import { handOn } from "./console/handon";
import { menus, shortcuts } from "./console/menus";
import { passkeys } from "./console/passkeys";
import { pasting } from "./console/paste";
import { live, offline, resend, retry, shapes, stream } from "./console/wait";

function start(): void {
  handOn(document);
  pasting();
  forms();
  widths();
  menus();
  shortcuts();
  shapes();
  offline();
  passkeys();
  all("[data-live]").forEach(live);
  all("[data-stream]").forEach(stream);
  all<HTMLAnchorElement>("a[data-retry]").forEach(retry);
  all<HTMLAnchorElement>("a[data-resend]").forEach(resend);
  const editor = document.querySelector<HTMLFormElement>("form[data-stage]");
  if (editor) new Editor(editor);
  // Only where one is signed in: a visitor's browser keeps nothing of ours.
  if (!document.body.classList.contains("plain")) void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
}

start();
