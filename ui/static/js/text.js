// text is the article of the reader as it is stored: places in it are counted
// in UTF-16 units, as the server's forms expect them.

const blocks = () => [...document.querySelectorAll("[data-reader] [data-at]")];
const atOf = (block) => Number(block.dataset.at);
const words = new Intl.Segmenter(undefined, { granularity: "word" });
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

// place is where a boundary of a range stands in the article; null outside it.
function place(node, offset) {
  const el = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const block = el?.closest("[data-at]");
  if (!block) return null;
  const range = document.createRange();
  range.setStart(block, 0);
  range.setEnd(node, offset);
  return atOf(block) + range.toString().length;
}

// edge is place for a boundary that lies between paragraphs, as it does when
// whole paragraphs are selected: the nearest end of one inside the range.
function edge(range, which) {
  const at = which === "start" ? place(range.startContainer, range.startOffset) : place(range.endContainer, range.endOffset);
  if (at !== null) return at;
  const inside = blocks().filter((block) => range.intersectsNode(block));
  const block = which === "start" ? inside[0] : inside.at(-1);
  if (!block) return null;
  return which === "start" ? atOf(block) : atOf(block) + block.textContent.length;
}

// between is the article's text from start to end.
export function between(start, end) {
  let out = "";
  for (const block of blocks()) {
    const at = atOf(block), text = block.textContent, gap = block.dataset.gap;
    if (at - gap.length >= end) break;
    if (at + text.length <= start) continue;
    if (at > start) out += gap.slice(Math.max(0, start - (at - gap.length)));
    out += text.slice(Math.max(0, start - at), Math.max(0, end - at));
  }
  return out;
}

// tidy is a place without blank ends, and without half a letter: what looks
// like one is taken whole.
function tidy(start, end) {
  for (const block of blocks()) {
    const at = atOf(block), text = block.textContent;
    for (const { index, segment } of around(letters, text, start - at)) {
      if (at + index < start && start < at + index + segment.length) start = at + index;
    }
    for (const { index, segment } of around(letters, text, end - at)) {
      if (at + index < end && end < at + index + segment.length) end = at + index + segment.length;
    }
  }
  const text = between(start, end);
  start += text.length - text.trimStart().length;
  return { start, end: start + text.trim().length, quote: text.trim() };
}

// around are the segments near a place of a text; none if it is outside.
function around(segmenter, text, at) {
  if (at < 0 || at > text.length) return [];
  const segments = segmenter.segment(text);
  return [segments.containing(Math.max(0, at - 1)), segments.containing(at)].filter(Boolean);
}

// selected is what is selected in the article: {start, end, quote}, or null.
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const root = document.querySelector("[data-reader]");
  if (!root.contains(range.commonAncestorContainer) || range.commonAncestorContainer.parentElement?.closest("form, .cards")) return null;
  const start = edge(range, "start"), end = edge(range, "end");
  if (start === null || end === null || start >= end) return null;
  const found = tidy(start, end);
  return found.quote ? found : null;
}

// rangeOf is the range of the page that shows a place of the article.
export function rangeOf(start, end) {
  const range = document.createRange();
  const from = locate(start, false), to = locate(end, true);
  if (!from || !to) return null;
  range.setStart(...from);
  range.setEnd(...to);
  return range;
}

function locate(at, ending) {
  for (const block of blocks()) {
    const first = atOf(block), last = first + block.textContent.length;
    if (at < first || at > last || (!ending && at === last)) continue;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let left = at - first;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left < node.length || (ending && left === node.length)) return [node, left];
      left -= node.length;
    }
  }
  return null;
}

// step moves a place to the next boundary of a word before (by < 0) or after
// it.
export function step(at, by) {
  const all = blocks();
  const bounds = new Set();
  all.forEach((block, i) => {
    const first = atOf(block), last = first + block.textContent.length;
    const near = at >= first && at <= last || all[i + 1] && atOf(all[i + 1]) > at && last <= at || i > 0 && first >= at && atOf(all[i - 1]) <= at;
    if (!near) return;
    for (const w of words.segment(block.textContent)) {
      if (w.isWordLike) bounds.add(first + w.index).add(first + w.index + w.segment.length);
    }
    bounds.add(first).add(last);
  });
  const sorted = [...bounds].sort((a, b) => a - b);
  return by < 0 ? sorted.filter((b) => b < at).at(-1) ?? at : sorted.find((b) => b > at) ?? at;
}

// tidied is tidy, for whoever moved a place by words.
export const tidied = tidy;
