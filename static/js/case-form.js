// The case form saves itself: every pause is kept in the database, what the server says is put at its field, and a
// session that is over, a second tab or a lost line is told without losing a letter.
(() => {
  "use strict";

  const form = document.getElementById("case-form");
  if (!form || !form.hasAttribute("hx-post")) {
    return;
  }
  const RETRY_SECONDS = 15;
  let edits = 0;
  let kept = 0;
  let sending = 0;
  let leaving = false;
  let trouble = "";

  const unsaved = () => kept < edits;
  const edited = () => {
    edits += 1;
    form.dataset.unsaved = "";
  };
  const save = () => window.htmx.trigger(form, "case-save");

  // ── What the server says, at the field it is about ───────────────────────────────────────────────────────────
  function showTold() {
    const told = new Map();
    document.querySelectorAll("#case-told [data-about], #case-doubts [data-about]").forEach((item) => {
      const words = item.querySelector("[data-words]")?.textContent.trim();
      if (item.dataset.about && words && (!told.has(item.dataset.about) || item.dataset.kind === "wrong")) {
        told.set(item.dataset.about, { kind: item.dataset.kind, words });
      }
    });
    form.querySelectorAll("[data-field]").forEach((place) => {
      const said = told.get(place.dataset.field);
      // Nobody is corrected in the middle of a word.
      const typing = place.contains(document.activeElement) && !place.dataset.told;
      if (!(said && typing)) {
        tell(place, said);
      }
    });
  }

  function tell(place, said) {
    const note = place.querySelector("[data-note]");
    const words = said ? said.words : "";
    if (note && note.textContent !== words) {
      note.textContent = words;
    }
    if (said) {
      place.dataset.told = said.kind;
    } else {
      delete place.dataset.told;
    }
    place.querySelectorAll("input, select, textarea").forEach((input) => {
      if (said?.kind === "wrong") {
        input.setAttribute("aria-invalid", "true");
      } else {
        input.removeAttribute("aria-invalid");
      }
    });
  }

  function showClocks(scope) {
    scope.querySelectorAll("time[data-clock]").forEach((time) => {
      const at = new Date(time.dateTime);
      time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    });
  }

  // ── Trouble ───────────────────────────────────────────────────────────────────────────────────────────────────
  function alarm(kind, node) {
    const box = document.getElementById("case-alert");
    if (trouble !== kind) {
      box.replaceWith(node);
      node.id = "case-alert";
      showClocks(node);
    }
    trouble = kind;
    document.getElementById("case-saved").textContent = "Not saved";
  }

  function plainAlarm(kind, text) {
    const node = document.createElement("div");
    node.className = "cf-alert";
    node.setAttribute("role", "alert");
    node.textContent = text;
    alarm(kind, node);
  }

  function calm() {
    if (trouble) {
      const box = document.createElement("div");
      box.id = "case-alert";
      box.setAttribute("role", "status");
      box.textContent = trouble === "signed-out" ? "You are signed in again. All is saved." : "Saved again.";
      document.getElementById("case-alert").replaceWith(box);
    }
    trouble = "";
  }

  function failed(xhr) {
    const sent = new DOMParser().parseFromString(xhr.responseText, "text/html").getElementById("case-alert");
    if (sent) {
      alarm(sent.dataset.alert, document.importNode(sent, true));
    } else if (xhr.status === 404) {
      plainAlarm("gone", "Not saved: this case was entered or thrown away, or belongs to another account than the one now signed in. What you typed stays on this page.");
    } else if (xhr.status === 403 && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain")) {
      plainAlarm("refused", xhr.responseText);
    } else if (xhr.status === 403) {
      // Without any cookie it is the guard against forgery that refuses first.
      alarm("signed-out", document.getElementById("signed-out").content.firstElementChild.cloneNode(true));
    } else {
      plainAlarm("failed", "Not saved: the server could not take it. What you typed stays on this page, and is tried again.");
    }
  }

  // ── Saving ────────────────────────────────────────────────────────────────────────────────────────────────────
  function freshToken() {
    const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
    const field = form.querySelector("[name=csrfmiddlewaretoken]");
    if (cookie) {
      // Signing in again brings a new token; the page goes on with it.
      field.value = decodeURIComponent(cookie.slice("csrftoken=".length));
    }
    return field.value;
  }

  form.addEventListener("input", edited);
  form.addEventListener("change", edited);
  // Whoever names something has said that there is some.
  form.addEventListener("input", (event) => {
    const group = /^(case-comorbidities|case-prior_therapies|adverse_events-\d+-description)$/.exec(event.target.name);
    if (group && event.target.value.trim()) {
      const name = event.target.name.startsWith("adverse") ? "case-adverse_events" : event.target.name;
      const some = form.querySelector(`[name="${name}_stated"][value="some"]`);
      some.checked = true;
    }
  });
  form.addEventListener("focusout", () => window.setTimeout(showTold, 0));
  form.addEventListener("submit", () => {
    leaving = true;
    freshToken();
  });

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (form.contains(event.detail.elt) && event.detail.verb === "post") {
      event.detail.parameters.csrfmiddlewaretoken = freshToken();
      event.detail.headers["X-CSRFToken"] = freshToken();
      sending = edits;
    }
  });
  // Before what waits in line is sent: htmx lets a swapped field keep its old value for some milliseconds.
  document.body.addEventListener("htmx:beforeOnLoad", (event) => {
    const version = event.detail.xhr.getResponseHeader("X-Draft-Version");
    if (version) {
      document.getElementById("case-version").value = version;
    }
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    // On the way to another page nothing is asked any more.
    if (leaving) {
      event.preventDefault();
    }
    // Until a conflict is settled nothing is sent: it would only be told again.
    if (event.detail.elt === form && trouble === "conflict") {
      event.preventDefault();
    }
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    // A piece in which somebody types or stands is brought up to date the next time.
    if (event.detail.target.contains(document.activeElement)) {
      event.detail.shouldSwap = false;
    }
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!form.contains(event.detail.elt) || event.detail.requestConfig.verb !== "post") {
      return;
    }
    if (event.detail.successful) {
      kept = Math.max(kept, sending);
      if (!unsaved()) {
        delete form.dataset.unsaved;
      }
      calm();
      showClocks(document);
      showTold();
      document.body.dispatchEvent(new Event("case-saved"));
    } else if (event.detail.xhr.status > 0) {
      failed(event.detail.xhr);
    } else {
      plainAlarm("line", "Not saved: no connection. What you typed stays on this page, and is tried again.");
    }
  });

  window.setInterval(() => {
    if (trouble && trouble !== "conflict" && trouble !== "gone") {
      save();
    }
  }, RETRY_SECONDS * 1000);
  for (const moment of ["focus", "online"]) {
    window.addEventListener(moment, () => {
      if (trouble && trouble !== "conflict") {
        save();
      }
    });
  }

  // ── Leaving ───────────────────────────────────────────────────────────────────────────────────────────────────
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && unsaved() && !trouble) {
      save();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved() && !leaving) {
      event.preventDefault();
    }
  });
  window.addEventListener("pagehide", () => {
    if (unsaved() && !leaving && !trouble) {
      freshToken();
      fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), keepalive: true });
    }
  });

  document.addEventListener("click", (event) => {
    const mine = event.target.closest("[data-keep-mine]");
    if (mine) {
      document.getElementById("case-version").value = mine.dataset.keepMine;
      trouble = "kept";
      save();
      return;
    }
    if (event.target.closest("[data-leave]")) {
      leaving = true;
    }
    // A link to a field opens what it is folded into and puts the cursor there.
    const link = event.target.closest('a[href^="#"]');
    const target = link ? document.getElementById(link.getAttribute("href").slice(1)) : null;
    if (target && form.contains(target)) {
      event.preventDefault();
      for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
        fold.open = true;
      }
      target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
      target.focus({ preventScroll: true });
    }
  });

  showClocks(document);
  showTold();
  // htmx takes the form up when the document is ready; what was typed before is saved then.
  document.addEventListener("DOMContentLoaded", () => {
    form.dataset.ready = "";
    if (unsaved()) {
      save();
    }
  });
})();
