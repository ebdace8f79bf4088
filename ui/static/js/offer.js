// offer is a button that comes to words which are selected.

const margin = 8;

// offering makes one, hidden; key is what to press instead, name its class.
export function offering(words, key, name) {
  const offer = document.createElement("button");
  offer.type = "button";
  offer.className = `${name} weighty`;
  offer.textContent = words;
  offer.hidden = true;
  offer.title = `key: ${key}`;
  offer.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  document.body.append(offer);
  return offer;
}

// near puts an element under a range, inside the window; under another offer that
// stands there already, if there is one.
export function near(el, range, other) {
  const box = range?.getBoundingClientRect();
  if (!box) return;
  const left = Math.max(margin, Math.min(box.left, document.documentElement.clientWidth - el.offsetWidth - margin));
  const down = other && other !== el ? other.offsetHeight + margin : 0;
  el.style.left = `${left + scrollX}px`;
  el.style.top = `${box.bottom + scrollY + margin + down}px`;
}

// selecting calls look when words are selected: with a mouse, by key, or by finger.
// The handles that a finger drags are the browser's own, and no pointer goes up
// when they are let go: there what stands selected for a moment counts. gone is
// called when nothing is selected; what happens inside elsewhere is not looked at.
export function selecting(look, gone, elsewhere) {
  let pressed = false, settled = 0;
  const soon = () => {
    clearTimeout(settled);
    settled = setTimeout(() => { if (!pressed && !getSelection().isCollapsed) look(); }, 300);
  };
  document.addEventListener("pointerdown", () => { pressed = true; });
  document.addEventListener("pointercancel", () => {
    pressed = false;
    soon();
  });
  document.addEventListener("pointerup", (event) => {
    pressed = false;
    if (!event.target.closest(elsewhere)) setTimeout(look);
  });
  document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") look(); });
  document.addEventListener("selectionchange", () => {
    if (getSelection().isCollapsed) gone();
    else soon();
  });
}
