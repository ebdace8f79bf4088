// why tells beside the words, when one points at them, why they are marked. The
// same stands in the margin, where the mark leads.

const delay = 150;

export function why() {
  const root = document.querySelector("[data-reader]");
  if (!root || !HTMLElement.prototype.showPopover) return;
  const tip = document.createElement("div");
  tip.className = "why";
  tip.popover = "manual";
  tip.setAttribute("aria-hidden", "true"); // a reader of the screen is told by aria-describedby
  root.append(tip);
  let timer = 0;

  function show(mark) {
    const claims = mark.dataset.reviews.split(" ").reverse().map((id) => root.querySelector(`[data-card="${id}"]`)).filter(Boolean);
    const parts = claims.map((card) => {
      const part = document.createElement("div");
      part.className = card.className.replace(/\b(card|on)\b/g, "");
      const state = document.createElement("p");
      state.className = `state ${part.className}`;
      state.textContent = card.querySelector(".about").textContent;
      part.append(state, ...[...card.querySelectorAll("[data-why] > p")].map((p) => p.cloneNode(true)));
      return part;
    });
    if (parts.length === 0) return;
    tip.replaceChildren(...parts);
    tip.showPopover();
    const box = mark.getClientRects()[0];
    const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - tip.offsetHeight - 6)}px`;
  }
  const later = (what) => { clearTimeout(timer); timer = setTimeout(what, delay); };
  const hide = () => { clearTimeout(timer); if (tip.matches(":popover-open")) tip.hidePopover(); };
  const narrow = () => matchMedia("(max-width: 900px)").matches; // there the card itself comes up

  root.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("mark[data-reviews]");
    if (event.target.closest(".why")) clearTimeout(timer);
    else if (mark && event.pointerType === "mouse" && event.buttons === 0) later(() => show(mark));
    else later(hide);
  });
  root.addEventListener("pointerleave", () => later(hide));
  root.addEventListener("focusin", (event) => {
    const mark = event.target.closest("mark[data-reviews]");
    if (mark && event.target.matches(":focus-visible") && !narrow()) show(mark);
    else hide();
  });
  root.addEventListener("focusout", hide);
  root.addEventListener("pointerup", (event) => {
    const mark = event.target.closest("mark[data-reviews]");
    if (mark && event.pointerType !== "mouse" && !narrow() && getSelection().isCollapsed) show(mark);
  });
  root.addEventListener("pointerdown", (event) => { if (!event.target.closest(".why")) hide(); });
  addEventListener("scroll", hide, { passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}
