// Passkeys: the browser makes or proves one, and its answer goes off with the page's own form.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function withBytes(options) {
  const listed = (many) => (many || []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = listed(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = listed(options.allowCredentials);
  return read;
}

function asJson(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature",
    "userHandle"]) {
    if (made.response[name]) response[name] = toText(made.response[name]);
  }
  if (made.response.getTransports) response.transports = made.response.getTransports();
  const id = { id: made.id, rawId: toText(made.rawId), type: made.type };
  return JSON.stringify({ ...id, response, clientExtensionResults: {} });
}

async function ask(form) {
  // Asked for now: the page may have been open for hours, and a challenge is good for minutes.
  const begun = await fetch(form.dataset.begin, { method: "POST" });
  if (!begun.ok) throw new Error("no passkey can be asked for");
  const publicKey = withBytes(await begun.json());
  const way = form.dataset.passkey;
  const made = await navigator.credentials[way]({ publicKey });
  form.elements.answer.value = asJson(made);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  form.hidden = false;
  for (const other of document.querySelectorAll("[data-without]")) other.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-failed]");
    said.hidden = true;
    ask(form).catch(() => { said.hidden = false; });
  });
}
