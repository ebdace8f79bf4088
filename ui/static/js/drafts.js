// drafts keeps what is typed into a form of a claim page, field by field, so
// that it is there again after the browser was closed or the session had ended.

const pause = 800;

function value(field) {
  if (field.type === "checkbox") return field.checked ? field.value : "";
  return field.value;
}

function watch(mark) {
  const form = mark.closest("form");
  const waiting = new Map();
  let sent = false;

  async function keep(field) {
    waiting.delete(field.name);
    const body = new URLSearchParams({ form: mark.dataset.draft, field: field.name, value: value(field), version: form.elements.version.value });
    try {
      const answer = await fetch(mark.dataset.to, { method: "POST", body, keepalive: body.toString().length < 60000, redirect: "manual" });
      if (answer.ok) mark.textContent = `Kept at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.`;
      else if (answer.status === 401) mark.textContent = "You are signed out. Save the form: you can sign in there, and come back to it with every word.";
      else mark.textContent = "This could not be kept. Save the form soon.";
    } catch {
      mark.textContent = "The desk does not answer. What you type is not kept now.";
    }
  }
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.name || field.type === "hidden" || field.type === "file" || field.name.startsWith("take_")) return;
    clearTimeout(waiting.get(field.name)?.timer);
    waiting.set(field.name, { field, timer: setTimeout(() => keep(field), pause) });
  });
  form.addEventListener("submit", () => {
    sent = true;
    waiting.forEach(({ timer }) => clearTimeout(timer));
  });
  addEventListener("pagehide", () => {
    if (!sent) waiting.forEach(({ field, timer }) => { clearTimeout(timer); keep(field); });
  });
  addEventListener("pageshow", () => { sent = false; });
}

export function drafts() {
  document.querySelectorAll("[data-draft]").forEach(watch);
}
