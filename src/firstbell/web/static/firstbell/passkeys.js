// Passkeys: a form says by data-passkey what it does, and allauth's functions do it. Without scripts such forms stay hidden.
const trouble = document.getElementById("trouble");

function ready(form) {
  const what = form.dataset.passkey;
  const button = form.querySelector("button");
  const credential = form.querySelector("[name=credential]");
  const passwordless = form.querySelector("[name=passwordless]");
  button.id ||= `passkey-${what}`;
  credential.id ||= `passkey-${what}-credential`;
  const ids = { [what]: button.id, credential: credential.id, data: "passkey-options" };
  if (passwordless) ids.passwordless = passwordless.id;
  window.allauth.webauthn.forms[`${what}Form`]({ ids });
  form.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  trouble.querySelector("[data-trouble-words]").textContent = "The passkey was not used. Try again, or go on another way.";
  trouble.hidden = false;
});

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("form[data-passkey]")) ready(form);
