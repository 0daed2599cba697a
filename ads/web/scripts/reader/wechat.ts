// WeChat shows a forwarded link with the card's words and picture only if an account of its own vouches
// for the page (its JS-SDK; ops/decisions/0027). That SDK speaks for a page to a bridge which the app
// puts into each: spoken to directly, no script but ours has to be let in.

import { find } from "./dom";
import { facts } from "./facts";
import { link } from "./hop";

type Heard = (answer: { errMsg?: string; err_msg?: string }) => void;
interface Bridge {
  invoke(call: string, told: object, heard: Heard): void;
}
declare global {
  interface Window {
    WeixinJSBridge?: Bridge;
  }
}

/** Before the hop came into it: on iOS the app holds a page by the address that was opened. */
const opened = location.href;
const CALLS = ["updateAppMessageShareData", "updateTimelineShareData"];
let begun = false;

function said(property: string): string {
  return find<HTMLMetaElement>(`meta[property="og:${property}"]`)?.content || "";
}

/** Has the account vouch for one of the page's addresses, and hands the card over; else by the next. */
async function vouched(bridge: Bridge, url: string, ...others: string[]): Promise<void> {
  const asked = { method: "POST", body: url.split("#")[0]! };
  const answer = await fetch(facts.send.slice(0, -1) + "w", asked);
  if (!answer.ok) return;
  const signed = (await answer.json()) as object;
  const ask = (call: string, told: object, heard: Heard = () => {}) =>
    bridge.invoke(call, { ...signed, ...told }, heard);
  // The answer has the one name or the other, by the app's version.
  ask("preVerifyJSAPI", { verifyJsApiList: CALLS }, ({ errMsg, err_msg }) => {
    const card = { title: said("title"), desc: said("description"), imgUrl: said("image"), link };
    if (/ok$/.test(errMsg || err_msg || "")) CALLS.forEach((call) => ask(call, card));
    else if (others[0]) vouched(bridge, others[0]).catch(() => {});
  });
}

/** Once there are both a bridge and a link of the reader's own. */
export function hand(): void {
  const bridge = window.WeixinJSBridge;
  if (begun || !bridge || !link) return;
  begun = true;
  vouched(bridge, location.href, opened).catch(() => {});
}
