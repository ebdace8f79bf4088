// presence tells the page of a claim whether something typed on it is not saved.
import { unsaved } from "./forms.js";

export function presence() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.path.endsWith("/around")) event.detail.parameters.editing = unsaved() ? "yes" : "";
  });
}
