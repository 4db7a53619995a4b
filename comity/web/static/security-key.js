// Has the browser ask for a security key, and sends what the key answers with the form. The page holds the options as JSON.
"use strict";

const FAULTS = {
  NotAllowedError: "No key answered in time, or it was cancelled. Try again.",
  InvalidStateError: "This key is one of yours already. Use another one.",
  SecurityError: "Security keys do not work at this address. Open the desk by its name, and not by a number such as 127.0.0.1.",
  missing: "This browser offers no security keys here. They need https, or the name localhost.",
  other: "The key could not be used. Try again, or use something else.",
};
const form = document.querySelector("form[data-key]");
const fault = document.getElementById("key-fault");

function bytesOf(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function textOf(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The options as the browser takes them: challenge, ids of keys and of the account as bytes.
function readOptions() {
  const options = JSON.parse(document.getElementById("key-options").textContent).publicKey;
  const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytesOf(key.id) }));
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  options.excludeCredentials = keys(options.excludeCredentials);
  options.allowCredentials = keys(options.allowCredentials);
  return options;
}

// What a key answered, as JSON.
function describe(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  const { id, type, authenticatorAttachment } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId: id, type, authenticatorAttachment, response, clientExtensionResults });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  fault.hidden = true;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    if (!window.PublicKeyCredential) throw { name: "missing" };
    const credential = await navigator.credentials[form.dataset.key]({ publicKey: readOptions() });
    form.elements.credential.value = describe(credential);
    form.submit();
  } catch (error) {
    fault.textContent = FAULTS[error.name] ?? FAULTS.other;
    fault.hidden = false;
    button.disabled = false;
    button.focus();
  }
});
