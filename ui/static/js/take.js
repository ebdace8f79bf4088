// take shows in a field what was chosen of two versions of it, where two people
// wrote. The choice itself is sent with the form and works without this.

function read(field) {
  return field.type === "checkbox" ? field.checked : field.value;
}

function write(field, value) {
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = value; // of a list of radio buttons it checks the one of that value
}

export function take() {
  const mine = new Map(); // by the button that keeps it
  let filling = false;
  const named = (form, name) => form?.elements.namedItem(name);

  document.addEventListener("change", ({ target }) => {
    if (!target.name?.startsWith("take_")) return;
    const name = target.name.slice("take_".length);
    const field = named(target.form, name), choice = named(target.form, target.name);
    if (!field) return;
    if (target.value === "theirs") mine.set(choice[0], read(field));
    else if (!mine.has(choice[0])) return;
    write(field, target.value === "theirs" ? named(target.form, `theirs_${name}`).value : mine.get(choice[0]));
    filling = true;
    (field instanceof RadioNodeList ? field[0] : field).dispatchEvent(new Event("input", { bubbles: true }));
    filling = false;
  });
  document.addEventListener("input", ({ target }) => { // what is typed after the choice is what counts
    const choice = filling || !target.name ? null : named(target.form, `take_${target.name}`);
    if (choice) choice.value = "mine";
  });
}
