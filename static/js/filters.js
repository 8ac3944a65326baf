// Filter forms work without this. With it, empty fields stay out of the address, and each new result count is told to a
// screen reader.
(() => {
  "use strict";

  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-filters]")) {
      return;
    }
    for (const name of new Set([...event.formData.keys()])) {
      const values = event.formData.getAll(name).filter((value) => value !== "");
      event.formData.delete(name);
      values.forEach((value) => event.formData.append(name, value));
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    const count = document.querySelector("[data-result-count]");
    const announce = document.querySelector("[data-announce]");
    if (count && announce) {
      announce.textContent = count.textContent.trim();
    }
  });
})();
