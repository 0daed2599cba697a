// Passkeys: asked for by the server, answered by the device, checked by the server.

import { all, say } from "./dom";

interface Asked {
  ticket: string;
  options: Record<string, unknown>;
}

function bytes(text: string): ArrayBuffer {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)).buffer;
}

function text(data: ArrayBuffer | null): string | undefined {
  if (!data) return undefined;
  const raw = String.fromCharCode(...new Uint8Array(data));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The binary parts of the options come as base64url.
function opened(value: Record<string, unknown>): Record<string, unknown> {
  const found = { ...value, challenge: bytes(String(value["challenge"])) } as Record<string, unknown>;
  const user = value["user"] as { id: string } | undefined;
  if (user) found["user"] = { ...user, id: bytes(user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    const listed = value[name] as { id: string }[] | undefined;
    if (listed) found[name] = listed.map((each) => ({ ...each, id: bytes(each.id) }));
  }
  return found;
}

function told(credential: PublicKeyCredential): string {
  const answer = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      attestationObject: text(answer.attestationObject ?? null),
      authenticatorData: text(answer.authenticatorData ?? null),
      signature: text(answer.signature ?? null),
      userHandle: text(answer.userHandle ?? null),
    },
  });
}

async function post(url: string, body: FormData): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { method: "POST", body });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Record<string, unknown>;
}

async function pressed(form: HTMLFormElement): Promise<void> {
  const asked = (await post(`${form.action}/options`, new FormData(form))) as unknown as Asked;
  const publicKey = opened(asked.options);
  const making = "user" in publicKey;
  const credential = making
    ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
  const body = new FormData(form);
  body.set("ticket", asked.ticket);
  body.set("credential", told(credential as PublicKeyCredential));
  const { go } = await post(form.action, body);
  location.assign(String(go));
  if (String(go).includes("#")) location.reload();
}

export function passkeys(): void {
  for (const form of all<HTMLFormElement>("form[data-passkey]")) {
    if (typeof PublicKeyCredential !== "function") continue;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      pressed(form).catch(() => say(form.dataset["passkey"]));
    });
  }
}
