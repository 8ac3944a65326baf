// A text field that offers words to choose from: [data-terms] names a datalist, [data-many] takes several parted by
// commas, [data-free] takes other words too. Without this script a field is a plain one with the browser's own list.
(() => {
  "use strict";

  const MOST_SHOWN = 8;
  const list = document.createElement("ul");
  list.id = "combobox-choices";
  list.className = "combobox-choices";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Choices");
  list.hidden = true;
  (document.querySelector("main") ?? document.body).append(list);
  let field = null;
  let active = -1;

  const isOpen = () => !list.hidden;

  // The units of what the row measures.
  function unitsFor(input) {
    const measured = input.closest("tr").querySelector('[name$="-analyte"]').value.trim().toLowerCase();
    return [...document.querySelectorAll("datalist[data-analyte]")].find(
      (each) => each.dataset.analyte.toLowerCase() === measured,
    );
  }

  function words(input) {
    const source = input.dataset.terms === "units" ? unitsFor(input) : document.getElementById(`terms-${input.dataset.terms}`);
    return source ? [...source.options].map((option) => option.value) : [];
  }

  // The part that is being typed, and where it starts.
  function typed(input) {
    if (!("many" in input.dataset)) {
      return { start: 0, text: input.value };
    }
    const before = input.value.slice(0, input.selectionEnd);
    const start = Math.max(before.lastIndexOf(","), before.lastIndexOf(";")) + 1;
    return { start, text: before.slice(start) };
  }

  // Whole words first, then beginnings of the name, beginnings of a word, and anything that holds the text.
  function rank(word, text) {
    const lower = word.toLowerCase();
    const parts = lower.split(/[^\p{L}\p{N}]+/u);
    if (lower === text) return 0;
    if (parts.includes(text)) return 1;
    if (lower.startsWith(text)) return 2;
    if (parts.some((part) => part.startsWith(text))) return 3;
    return lower.includes(text) ? 4 : -1;
  }

  function matches(input) {
    const text = typed(input).text.trim().toLowerCase();
    const ranked = words(input)
      .map((word, order) => ({ word, order, rank: text === "" ? 3 : rank(word, text) }))
      .filter((each) => each.rank >= 0);
    ranked.sort((one, other) => one.rank - other.rank || one.order - other.order);
    return ranked.map((each) => each.word);
  }

  function prepare(input) {
    input.removeAttribute("list");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
  }

  function close() {
    if (field) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
    list.hidden = true;
    active = -1;
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    if (index < 0) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    field.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  }

  function open(input, found) {
    field = input;
    list.replaceChildren(
      ...found.slice(0, MOST_SHOWN).map((word, place) => {
        const option = document.createElement("li");
        option.id = `combobox-choice-${place}`;
        option.setAttribute("role", "option");
        option.textContent = word;
        return option;
      }),
    );
    const box = input.getBoundingClientRect();
    list.style.left = `${box.left}px`;
    list.style.top = `${box.bottom}px`;
    list.style.minWidth = `${box.width}px`;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    // Where only words of the list are taken, Enter takes the first.
    mark("free" in input.dataset ? -1 : 0);
  }

  function offer(input, evenIfEmpty = false) {
    const text = typed(input).text.trim();
    const found = text !== "" || evenIfEmpty ? matches(input) : [];
    const settled = found.length > 0 && found[0].toLowerCase() === text.toLowerCase() && !evenIfEmpty;
    if (found.length === 0 || settled) {
      close();
    } else {
      open(input, found);
    }
  }

  function choose(index) {
    const word = list.children[index].textContent;
    const { start, text } = typed(field);
    const after = field.value.slice(start + text.length).replace(/^\s*[,;]?\s*/, "");
    const before = field.value.slice(0, start);
    field.value = "many" in field.dataset ? `${before}${before ? " " : ""}${word}, ${after}` : word;
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  // The list stays where its field was: it closes when the page moves under it.
  window.addEventListener("scroll", (event) => {
    if (isOpen() && event.target !== list) {
      close();
    }
  }, { capture: true, passive: true });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-terms]") && event.target.getAttribute("role") !== "combobox") {
      prepare(event.target);
    }
    // A unit has few choices and is asked for: they are shown at once.
    if (event.target.dataset?.terms === "units" && event.target.value === "") {
      offer(event.target, true);
    }
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === field) {
      close();
    }
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-terms]") && event.isTrusted) {
      offer(event.target);
    }
  });

  // Before anybody else: while the list is open, its keys are its own.
  const onKey = (event) => {
    const input = event.target;
    if (!input.matches?.("[data-terms]")) {
      return;
    }
    if (event.key === "ArrowDown" && event.altKey) {
      offer(input, true);
      event.preventDefault();
      return;
    }
    if (!isOpen() || field !== input) {
      return;
    }
    const last = list.children.length - 1;
    if (event.key === "ArrowDown") {
      mark(active >= last ? 0 : active + 1);
    } else if (event.key === "ArrowUp") {
      mark(active <= 0 ? last : active - 1);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && active >= 0) {
      choose(active);
    } else if (event.key === "Tab" && last === 0 && !("free" in input.dataset)) {
      // One word alone fits: Tab takes it and goes on.
      choose(0);
      return;
    } else {
      return;
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey, { capture: true });

  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      choose([...list.children].indexOf(option));
    }
  });
})();
