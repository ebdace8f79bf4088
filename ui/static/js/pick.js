// pick brings the form for the words of a claim to the words that are selected.
// Without it the form stands above the text, and the words are copied into it.

import { near, offering, selecting } from "./offer.js";
import { between, rangeOf, selected, step, tidied } from "./text.js";

export function pick() {
  const panel = document.querySelector("[data-pick]");
  if (!panel || !Intl.Segmenter) return;
  const form = panel.querySelector("form");
  const { quote, start, end } = form.elements;
  const change = "change" in panel.dataset;
  if (!start.type) return; // the form asks for one of several places
  panel.querySelectorAll("[data-hint], [data-close]").forEach((el) => { el.hidden = false; });
  let here = null;

  const offer = offering("Add this claim", "a", "offer");

  function show(found) {
    here = found;
    quote.value = found.quote;
    start.value = found.start;
    end.value = found.end;
    panel.querySelector("[data-by-word]").hidden = false;
    const range = rangeOf(found.start, found.end);
    if (range && globalThis.Highlight) CSS.highlights.set("pick", new Highlight(range));
    return range;
  }
  function open() {
    const range = show(here);
    offer.hidden = true;
    panel.open = true;
    panel.classList.add("near");
    near(panel, range);
    form.elements.claimant?.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }
  function close() {
    panel.open = false;
    panel.classList.remove("near");
    globalThis.CSS?.highlights?.delete("pick");
    here = null;
  }

  function look() {
    const found = selected();
    if (change) {
      if (found) near(panel, show(found));
      return;
    }
    if (panel.classList.contains("near")) {
      if (found) near(panel, show(found));
      return;
    }
    here = found;
    offer.hidden = !found;
    if (found) near(offer, rangeOf(found.start, found.end));
  }
  selecting(look, () => { if (!panel.classList.contains("near")) offer.hidden = true; }, "[data-pick], .offer, .remark");
  offer.addEventListener("click", open);
  panel.querySelector("[data-close]")?.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.classList.contains("near") && !change) close();
    if (event.key === "a" && here && !offer.hidden && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      open();
    }
  });
  panel.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => {
    if (!here) return;
    const [which, by] = button.dataset.step.split(" ");
    let { start: from, end: to } = here;
    if (which === "start") from = step(from, Number(by));
    else to = step(to, Number(by));
    if (from >= to || !between(from, to).trim()) return;
    const next = tidied(from, to);
    near(panel, show(next));
  }));
  quote.addEventListener("input", () => { start.value = end.value = ""; here = null; }); // words that were typed are looked for
  if (change && start.value !== "") {
    panel.classList.add("near");
    const range = show({ start: Number(start.value), end: Number(end.value), quote: quote.value });
    near(panel, range);
    range?.startContainer.parentElement.scrollIntoView({ block: "center" });
  }
}
