// utc says beside each field for a time in UTC what that is where the person
// is. The field itself stays as it is: what is sent is what is seen.

function local(value) {
  const at = new Date(`${value}Z`);
  if (!value || Number.isNaN(at.getTime())) return "";
  return `that is ${at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" })} where you are`;
}

export function utc() {
  document.querySelectorAll("input[data-utc]").forEach((field) => {
    const hint = document.createElement("span");
    hint.className = "small muted";
    field.after(hint);
    const tell = () => { hint.textContent = local(field.value); };
    field.addEventListener("input", tell);
    tell();
  });
}
