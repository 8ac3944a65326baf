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

  // A slider says where it stands before it is let go.
  document.addEventListener("input", (event) => {
    const shows = event.target.dataset?.shows;
    const output = shows ? document.querySelector(shows) : null;
    if (output) {
      output.textContent = event.target.value;
    }
  });

  // On a phone the answer comes first: the question or the filters fold away, one tap from open, unless one of them
  // needs mending.
  const wide = window.matchMedia("(min-width: 60rem)");
  document.querySelectorAll("details[data-fold-when-narrow]").forEach((fold) => {
    const settle = () => {
      fold.dataset.settled = "";
      fold.open = wide.matches || fold.querySelector(".errorlist") !== null;
    };
    wide.addEventListener("change", settle);
    settle();
  });

  // Beside each choice stands how many remain with it; the form keeps its focus, so only the numbers are renewed.
  document.addEventListener("htmx:afterSettle", () => {
    const counts = document.getElementById("facet-counts");
    if (counts) {
      const known = JSON.parse(counts.textContent);
      document.querySelectorAll("[data-facet-count]").forEach((span) => {
        const [facet, value] = span.dataset.facetCount.split(":");
        span.textContent = known[facet]?.[value] ?? 0;
      });
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
