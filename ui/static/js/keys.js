// keys moves through lists and articles: j, k, o, u, / and ?.

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.querySelector("[data-open]"));
const opener = (row) => row.querySelector("[data-open]");

function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))];
  next.dispatchEvent(new CustomEvent("row:focus", { bubbles: true }));
  opener(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  o: () => rows().find((row) => row.contains(document.activeElement)) && opener(document.activeElement.closest("[data-row]")).click(),
  u: () => document.querySelector("[data-up]")?.click(),
  "/": () => {
    const first = document.querySelector("main :is(input:not([type=hidden], [type=file]), textarea, select):not([readonly])");
    first?.closest("details:not([open])")?.setAttribute("open", "");
    first?.focus();
  },
  "?": show,
};

function show() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}

export function keys() {
  document.querySelectorAll("[data-keys]").forEach((el) => { el.hidden = false; });
  document.querySelectorAll("[data-show-keys]").forEach((el) => el.addEventListener("click", show));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
