// times keeps relative times true while a page stays open. It says what
// Moment.Ago of package ui says.

function ago(at, now) {
  const minutes = (now - at) / 60000;
  if (minutes < -1) return null;
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  const hours = minutes / 60;
  if (hours < 24) return `${Math.floor(hours)} h ago`;
  if (hours < 48) return "yesterday";
  return hours < 24 * 14 ? `${Math.floor(hours / 24)} days ago` : null;
}

export function times() {
  setInterval(() => document.querySelectorAll("time[datetime][title]").forEach((el) => {
    const words = ago(Date.parse(el.dateTime), Date.now());
    if (words && /ago|now|yesterday/.test(el.textContent)) el.textContent = words;
  }), 60000);
}
