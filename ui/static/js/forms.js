// forms grows text fields with their text, asks before unsaved words are left
// behind, and says what a slow form is doing.

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.7)}px`;
}

const changed = (form) => [...form.elements].some((el) => {
  if (!el.matches("input, textarea, select") || el.type === "hidden" || el.disabled) return false;
  if (el.type === "checkbox" || el.type === "radio") return el.checked !== el.defaultChecked;
  if (el.tagName === "SELECT") return [...el.options].some((o) => o.selected !== o.defaultSelected) && el.selectedIndex > 0;
  return el.type === "file" ? el.value !== "" : el.value !== el.defaultValue;
});

// unsaved reports whether a form holds words that were not sent.
export const unsaved = () => [...document.querySelectorAll("form[data-guard]")].some(changed);

export function forms() {
  let sending = false;
  document.addEventListener("input", (event) => { if (event.target.tagName === "TEXTAREA") grow(event.target); });
  document.querySelectorAll("textarea").forEach((field) => { if (field.value && field.offsetParent) grow(field); });
  document.addEventListener("toggle", (event) => event.target.querySelectorAll?.("textarea").forEach((field) => { if (field.value) grow(field); }), true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const file = form.querySelector("input[type=file][data-max]");
    if (file && file.files[0]?.size > Number(file.dataset.max)) {
      event.preventDefault();
      file.setCustomValidity("This file is larger than 5 MB. Paste only the part with the claims.");
      file.reportValidity();
      file.addEventListener("change", () => file.setCustomValidity(""), { once: true });
      return;
    }
    if (form.method === "dialog" || form.target === "_blank") return;
    sending = true;
    if (form.dataset.busy && event.submitter) event.submitter.textContent = form.dataset.busy;
  });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => {
    if (!sending && unsaved()) event.preventDefault();
  });
}
