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

export function reader() {
  const root = one("[data-reader]");
  if (!root) return;
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const id = idOf(link.getAttribute("href"));
    const close = link.matches(".close");
    if (!id && !close) return;
    event.preventDefault();
    if (link.closest("mark") && !getSelection().isCollapsed) return; // words were selected, not a link followed
    history.replaceState(null, "", close ? location.pathname : link.getAttribute("href"));
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
