// Rows of the case form by keyboard. Without this script the buttons add rows, and an emptied row is removed.
(() => {
  "use strict";

  const form = document.getElementById("case-form");
  if (!form) {
    return;
  }
  const CELLS = "input:not([type=hidden]), select, textarea";

  const rowsOf = (table) => [...table.querySelectorAll("tbody > tr")];
  const cellsOf = (row) => [...row.querySelectorAll(CELLS)];
  const changed = (element) => element.dispatchEvent(new Event("change", { bubbles: true }));

  // Labels count the rows as they stand; names keep the number that a row was given.
  function count(table) {
    rowsOf(table).forEach((row, place) => {
      const kind = row.dataset.called.replace(/ \d+$/, "");
      row.dataset.called = `${kind} ${place + 1}`;
      row.querySelectorAll("[aria-label]").forEach((element) => {
        const label = element.getAttribute("aria-label");
        const start = label.lastIndexOf(kind);
        element.setAttribute("aria-label", `${label.slice(0, start)}${kind} ${place + 1}`);
      });
    });
  }

  function add(table) {
    const number = Math.max(0, ...rowsOf(table).map((row) => Number(row.dataset.row))) + 1;
    const row = table.querySelector("[data-blank-row]").content.firstElementChild.cloneNode(true);
    row.dataset.row = String(number);
    const renamed = (text) => text.replace(/-0-/, `-${number}-`);
    row.querySelectorAll("*").forEach((element) => {
      for (const name of ["name", "id", "data-field", "aria-describedby"]) {
        if (element.hasAttribute(name)) {
          element.setAttribute(name, renamed(element.getAttribute(name)));
        }
      }
    });
    table.querySelector("tbody").append(row);
    ready(row);
    count(table);
    cellsOf(row)[0].focus();
    return row;
  }

  function remove(row) {
    const table = row.closest("[data-rows]");
    const place = rowsOf(table).indexOf(row);
    const body = row.parentElement;
    const after = row.nextElementSibling;
    const called = row.dataset.called;
    const alone = rowsOf(table).length === 1;
    row.remove();
    if (alone) {
      add(table);
    } else {
      count(table);
      cellsOf(rowsOf(table)[Math.max(0, place - 1)])[0].focus();
    }
    changed(table);
    offerBack(table, called, () => {
      body.insertBefore(row, after && after.parentElement === body ? after : null);
      count(table);
      cellsOf(row)[0].focus();
      changed(table);
    });
  }

  function offerBack(table, called, undo) {
    const told = table.querySelector("[data-removed]") ?? document.createElement("span");
    told.dataset.removed = "";
    told.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Bring it back";
    button.addEventListener("click", () => {
      told.remove();
      undo();
    });
    told.replaceChildren(`The ${called} is removed. `, button);
    table.querySelector(".cf-row-tools").append(told);
  }

  function ready(scope) {
    scope.querySelectorAll("[data-remove-row], [data-keys]").forEach((element) => {
      element.hidden = false;
    });
  }

  function goOn(cell) {
    const row = cell.closest("tr");
    const table = row.closest("[data-rows]");
    const cells = cellsOf(row);
    const next = cells[cells.indexOf(cell) + 1];
    if (next) {
      next.focus();
    } else if (row.nextElementSibling) {
      cellsOf(row.nextElementSibling)[0].focus();
    } else {
      add(table);
    }
  }

  function move(cell, step) {
    const row = cell.closest("tr");
    const other = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    if (other) {
      cellsOf(other)[cellsOf(row).indexOf(cell)].focus();
    }
    return Boolean(other);
  }

  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    // A list of words that is open takes the key first.
    if (event.defaultPrevented || !cell.matches(CELLS)) {
      return;
    }
    const inRow = cell.closest("[data-rows] tbody");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key === "Enter" && plain && inRow) {
      event.preventDefault();
      goOn(cell);
    } else if (event.key === "Enter" && cell.matches("input")) {
      // Enter saves nobody's case by accident: it goes to the next field.
      event.preventDefault();
      const all = [...form.querySelectorAll(CELLS)].filter((each) => each.offsetParent !== null);
      all[all.indexOf(cell) + 1]?.focus();
    } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && inRow) {
      event.preventDefault();
      remove(cell.closest("tr"));
    } else if (["ArrowUp", "ArrowDown"].includes(event.key) && plain && inRow && !cell.matches("select")) {
      if (!cell.value.includes("\n") && move(cell, event.key === "ArrowDown" ? 1 : -1)) {
        event.preventDefault();
      }
    }
  });

  form.addEventListener("click", (event) => {
    const adding = event.target.closest("[data-add-row]");
    const removing = event.target.closest("[data-remove-row]");
    if (adding) {
      event.preventDefault();
      add(adding.closest("[data-rows]"));
    } else if (removing) {
      remove(removing.closest("tr"));
    }
  });

  ready(form);
  document.body.addEventListener("htmx:afterSettle", () => ready(form));
})();
