// Sets the theme before the first paint, so that a dark page never flashes white. Choosing what the system has anyway
// goes back to following the system.
(() => {
  "use strict";
  const KEY = "atlas-theme";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      const value = localStorage.getItem(KEY);
      return value === "dark" || value === "light" ? value : "auto";
    } catch {
      return "auto"; // storage is off: follow the system
    }
  }

  function isDark() {
    const theme = root.dataset.theme;
    return theme === "dark" || (theme === "auto" && system.matches);
  }

  function apply(theme) {
    root.dataset.theme = theme;
    const button = document.querySelector("[data-theme-toggle]");
    if (button) {
      button.setAttribute("aria-pressed", String(isDark()));
    }
    document.dispatchEvent(new CustomEvent("atlas:theme", { detail: { dark: isDark() } }));
  }

  function toggle() {
    const wanted = isDark() ? "light" : "dark";
    const theme = (wanted === "dark") === system.matches ? "auto" : wanted;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // storage is off: the choice lasts for this page
    }
    apply(theme);
  }

  root.dataset.theme = stored();
  root.dataset.js = "on"; // what needs a script shows from the first paint, so that nothing moves later
  system.addEventListener("change", () => apply(root.dataset.theme));
  // On the document and not on the button, which a swap of the page may replace.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) {
      toggle();
    }
  });
  document.addEventListener("DOMContentLoaded", () => apply(root.dataset.theme));
})();
