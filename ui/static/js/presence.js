// presence tells the page of a claim whether something typed on it is not saved,
// and nothing else that stands beside it.
import { unsaved } from "./forms.js";

export function presence() {
  document.body.addEventListener("htmx:config:request", ({ detail: { ctx: { request } } }) => {
    if (!new URL(request.action, location.href).pathname.endsWith("/around")) return;
    for (const name of [...request.body.keys()]) request.body.delete(name);
    request.body.set("editing", unsaved() ? "yes" : "");
  });
}
