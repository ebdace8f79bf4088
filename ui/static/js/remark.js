// remark offers to comment on words that are selected: on the page of a claim in
// its form for comments, in the reader on the page of the comments of the claim
// that the words stand by. Without it the words are copied into that form.

import { near, offering, selecting } from "./offer.js";

// aboutOf is what selected words are about: the nearest element that says so.
const aboutOf = (range) => {
  const node = range.commonAncestorContainer;
  const el = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return el.closest("form, textarea") ? null : el.closest("[data-about]");
};

// linkOf is the link to the comments of the claim that selected words stand by: of
// their paragraph, the claim that is active, or that the words begin in.
const linkOf = (range) => {
  const node = range.startContainer;
  const el = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const mark = el.closest("mark[data-reviews]");
  const inner = mark && document.querySelector(`[data-card="${mark.dataset.reviews.split(" ").at(-1)}"] [data-remark]`);
  const block = el.closest("[data-reader] .block, [data-reader] header");
  return inner ?? block?.querySelector(".card.on [data-remark]") ?? block?.querySelector("[data-remark]");
};

export function remark() {
  const page = document.querySelector("[data-remarks]");
  if (!page) return;
  const main = document.querySelector("main");
  const offer = offering("Comment on these words", "c", "remark");
  let here = null;

  function look() {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const quote = selection.toString().trim();
    here = null;
    if (range && quote && main.contains(range.commonAncestorContainer)) {
      const about = aboutOf(range), link = about ? null : linkOf(range);
      if (about) here = { about: about.dataset.about, quote, to: page.dataset.remarks };
      else if (link) here = { about: "article", quote, to: link.getAttribute("href") };
    }
    offer.hidden = !here;
    if (here) near(offer, range, document.querySelector(".offer:not([hidden])"));
  }

  function open() {
    offer.hidden = true;
    const fold = document.querySelector("#form-comment"), form = fold?.querySelector("form");
    if (!form) {
      const to = new URL(here.to, location.href);
      to.searchParams.set("about", here.about);
      to.searchParams.set("quote", here.quote);
      location.assign(to);
      return;
    }
    const { about, quote, text } = form.elements;
    about.value = here.about;
    quote.value = here.quote;
    fold.open = true;
    fold.scrollIntoView({ block: "center" });
    text.focus({ preventScroll: true });
  }

  selecting(look, () => { offer.hidden = true; }, "form, .offer, .remark");
  offer.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "c" || offer.hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    open();
  });
}
