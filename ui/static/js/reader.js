// reader ties the marks of an article to their cards: one claim is active at a
// time, the rest dims, and who says it is underlined.

const one = (selector) => document.querySelector(selector);
const all = (selector) => document.querySelectorAll(selector);

function activate(id, from) {
  clear();
  if (!id) return;
  one("[data-reader]").classList.add("reading");
  all(`mark[data-reviews~="${id}"], [data-of~="${id}"], [data-card="${id}"]`).forEach((el) => el.classList.add("on"));
  if (from === "card") one(`mark[data-reviews~="${id}"]`)?.scrollIntoView({ block: "nearest" });
  if (from === "mark") one(`[data-card="${id}"]`)?.scrollIntoView({ block: "nearest" });
}

function clear() {
  one("[data-reader]").classList.remove("reading");
  all(".on").forEach((el) => el.classList.remove("on"));
}

// idOf is the claim that an address such as #review-12 or #card-12 names.
const idOf = (hash) => /^#(?:review|card)-(\d+)$/.exec(hash)?.[1];

// loosen lets a selection begin inside a mark: browsers begin none in a link.
function loosen(link) {
  link.dataset.to = link.getAttribute("href");
  link.removeAttribute("href");
  link.tabIndex = 0;
  link.setAttribute("role", "link");
}
const target = (link) => link.getAttribute("href") ?? link.dataset.to;

export function reader() {
  const root = one("[data-reader]");
  if (!root) return;
  all("[data-reader] mark a").forEach(loosen);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("mark a")) event.target.click();
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#'], a[data-to]");
    if (!link) return;
    const id = idOf(target(link));
    const close = link.matches(".close");
    if (!id && !close) return;
    event.preventDefault();
    if (link.closest("mark") && !getSelection().isCollapsed) return; // words were selected, not a link followed
    history.replaceState(null, "", close ? location.pathname : target(link));
    activate(id, link.closest("mark") ? "mark" : "card");
  });
  root.addEventListener("row:focus", (event) => activate(event.target.dataset.card, "card"));
  root.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-card]");
    if (card && event.target.matches(":focus-visible")) activate(card.dataset.card, "card");
  });
  root.addEventListener("pointerover", (event) => {
    const card = event.target.closest("[data-card]");
    if (card && matchMedia("(hover: hover)").matches) activate(card.dataset.card);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
  const named = idOf(location.hash);
  if (named) {
    activate(named);
    one(`#review-${named}`)?.scrollIntoView({ block: "center" });
  }
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
}
