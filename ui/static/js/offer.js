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
