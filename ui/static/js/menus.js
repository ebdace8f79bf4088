// menus closes an open menu when somebody presses Escape or clicks elsewhere.

const open = () => document.querySelectorAll(".menu[open]");

export function menus() {
  document.addEventListener("click", ({ target }) => open().forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  }));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  });
}
