// Progressive enhancement only: every page works without this file, on a current browser.

// Buttons that open and close dialogs (command, commandfor) where the browser does not know them yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    const command = button.getAttribute("command");
    if (command === "show-modal") target.showModal();
    if (command === "close" || command === "request-close") target.close();
  });
}

// Files can be dropped on the box around a file input; what was chosen is said in words.
function sayChosen(box) {
  const input = box.querySelector("input[type=file]");
  const files = [...input.files].map((file) => `${file.name} (${size(file.size)})`);
  box.querySelector("[data-drop-chosen]").textContent = files.length ? `Chosen: ${files.join(", ")}` : "";
}

function size(bytes) {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000)).toLocaleString()} kB`;
  return `${(bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;
}

for (const box of document.querySelectorAll("[data-drop]")) {
  box.addEventListener("change", () => sayChosen(box));
  for (const over of ["dragenter", "dragover"]) {
    box.addEventListener(over, (event) => {
      event.preventDefault();
      box.classList.add("is-over");
    });
  }
  for (const out of ["dragleave", "drop"]) box.addEventListener(out, () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const input = box.querySelector("input[type=file]");
    if (!event.dataTransfer.files.length || input.disabled) return;
    input.files = event.dataTransfer.files;
    sayChosen(box);
  });
}

// A form marked data-once is sent once: its button says what is being done meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button[type=submit]");
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
});

// Back from the browser's memory: forms may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// One checkbox that chooses all rows of its table, and how many are chosen.
document.addEventListener("change", (event) => {
  const frame = event.target.closest("[data-pick]");
  if (!frame) return;
  const all = frame.querySelector("[data-pick-all]");
  const rows = [...frame.querySelectorAll("[data-pick-row]")];
  if (event.target === all) for (const row of rows) row.checked = all.checked;
  const chosen = rows.filter((row) => row.checked).length;
  for (const row of rows) row.closest("tr")?.classList.toggle("is-chosen", row.checked);
  if (all) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  const count = frame.querySelector("[data-pick-count]");
  if (count) count.textContent = `${chosen.toLocaleString()} chosen`;
});

// When a part of the page could not be fetched, say so and what to do.
function sayTrouble(words) {
  const place = document.getElementById("trouble");
  if (!place) return;
  place.querySelector("[data-trouble-words]").textContent = words;
  place.hidden = false;
}

document.addEventListener("htmx:sendError", () => {
  sayTrouble("Firstbell could not be reached, so what you see here may be out of date. Check your connection and try again.");
});
document.addEventListener("htmx:responseError", (event) => {
  const signedOut = [401, 403].includes(event.detail.xhr.status);
  sayTrouble(
    signedOut
      ? "You may have been signed out. Load the page again to go on."
      : "This part of the page could not be loaded. Load the page again to see it as it is now.",
  );
});
document.addEventListener("htmx:afterOnLoad", () => {
  const place = document.getElementById("trouble");
  if (place) place.hidden = true;
});
