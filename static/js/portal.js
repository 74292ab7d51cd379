/* What the pages do beyond HTML. Everything here only adds: without script each page still works.
   1 focus on what must be mended · 2 one press, one post · 3 "/" searches · 4 filters fold on the
   phone · 5 a waiting paper looks after itself · 6 typed text survives · 7 lost connection
   8 menus close */
(function () {
  "use strict";

  /* 1. The summary of errors takes the focus, so that it is read first; a sample does not. */
  var summary = document.querySelector("[data-focus]");
  if (summary && !summary.closest("[data-quiet]")) {
    summary.focus();
  }

  /* 2. A form that is on its way is not sent twice. The button stays readable; coming back to
     the page by the browser's history makes it ready again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    /* What opens in another tab leaves this page as it is. */
    if (event.submitter && event.submitter.formTarget === "_blank") {
      return;
    }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.querySelectorAll("button:not([type=button])").forEach(function (button) {
      button.setAttribute("aria-busy", "true");
    });
    /* Disabled only after the browser has read the form: a pressed button carries its value. */
    window.setTimeout(function () {
      form.querySelectorAll("button:not([type=button])").forEach(function (button) {
        button.disabled = true;
      });
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button[aria-busy]").forEach(function (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      });
    });
  });

  /* 3. "/" goes to the search, unless one is writing. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      return;
    }
    var search = document.querySelector("[data-slash]");
    if (search && search.offsetParent) {
      event.preventDefault();
      search.focus();
    }
  });

  /* 4. Above a list on the phone the conditions fold away. */
  if (window.matchMedia("(max-width: 991.98px)").matches) {
    document.querySelectorAll("details[data-fold]").forEach(function (box) {
      box.open = Boolean(box.querySelector(".zg-err"));
    });
  }

  /* 5. A paper that is queued or printing is asked for every two seconds. When its state has
     changed, the page is fetched anew, unless something has been typed into it. */
  var waiting = Array.prototype.slice.call(document.querySelectorAll("[data-poll]"));
  var typed = false;
  document.addEventListener("input", function () {
    typed = true;
  });
  function ask() {
    if (!waiting.length) {
      return;
    }
    var asked = waiting.map(function (paper) {
      return fetch(paper.dataset.poll, { headers: { Accept: "application/json" } })
        .then(function (answer) {
          return answer.ok ? answer.json() : null;
        })
        .then(function (answer) {
          var bar = paper.querySelector("progress");
          if (bar && answer && typeof answer.done === "number") {
            bar.value = answer.done;
            paper.querySelector("[data-told]").textContent = answer.told;
          }
          return Boolean(answer && answer.state && answer.state !== paper.dataset.state);
        })
        .catch(function () {
          return false;
        });
    });
    Promise.all(asked).then(function (changes) {
      if (changes.indexOf(true) >= 0 && !typed) {
        window.location.reload();
        return;
      }
      window.setTimeout(ask, 2000);
    });
  }
  window.setTimeout(ask, 2000);

  /* 6. What was typed into a form marked data-draft stays in this tab until it is accepted: the
     page that follows an accepted form no longer holds the form, and forgets the draft.
     Never passwords, files, hidden fields, or controls marked data-private (personal data). */
  var PREFIX = "zg-draft:";
  function store() {
    try {
      return window.sessionStorage;
    } catch (refused) {
      return null;
    }
  }
  var drafts = store();
  function controls(form) {
    return Array.prototype.filter.call(form.elements, function (control) {
      return (
        control.name &&
        !("private" in control.dataset) &&
        !/^(hidden|password|file|submit|button)$/.test(control.type)
      );
    });
  }
  function read(form) {
    return controls(form).map(function (control) {
      var ticks = control.type === "checkbox" || control.type === "radio";
      return [control.name, control.value, ticks ? control.checked : null];
    });
  }
  function write(form, values) {
    var changed = false;
    controls(form).forEach(function (control, place) {
      var kept = values[place];
      if (!kept || kept[0] !== control.name) {
        return;
      }
      if (kept[2] !== null && control.value === kept[1]) {
        changed = changed || control.checked !== kept[2];
        control.checked = kept[2];
      } else if (kept[2] === null && control.value !== kept[1]) {
        control.value = kept[1];
        changed = true;
      }
    });
    return changed;
  }
  if (drafts) {
    var present = {};
    document.querySelectorAll("form[data-draft]").forEach(function (form) {
      var key = PREFIX + form.dataset.draft;
      present[key] = true;
      var kept = drafts.getItem(key);
      var refused = document.querySelector(".zg-errors");
      if (kept && !refused) {
        try {
          if (write(form, JSON.parse(kept))) {
            var note = document.getElementById("zg-draft-note");
            if (note) {
              note.hidden = false;
            }
          }
        } catch (broken) {
          drafts.removeItem(key);
        }
      }
      form.addEventListener("input", function () {
        drafts.setItem(key, JSON.stringify(read(form)));
      });
      form.addEventListener("submit", function () {
        drafts.setItem(PREFIX + "sent", key);
      });
    });
    var sent = drafts.getItem(PREFIX + "sent");
    if (sent && !present[sent]) {
      drafts.removeItem(sent);
      drafts.removeItem(PREFIX + "sent");
    }
    document.querySelectorAll("[data-forget-drafts]").forEach(function (form) {
      form.addEventListener("submit", function () {
        Object.keys(drafts).forEach(function (key) {
          if (key.indexOf(PREFIX) === 0) {
            drafts.removeItem(key);
          }
        });
      });
    });
  }

  /* 7. Without a connection the page says so and says what is safe. */
  var offline = document.getElementById("zg-offline");
  function connection() {
    if (offline) {
      offline.hidden = navigator.onLine !== false;
    }
  }
  window.addEventListener("online", connection);
  window.addEventListener("offline", connection);
  connection();

  /* 8. Menus close by Escape and by a press elsewhere. */
  function closeMenus(except) {
    document.querySelectorAll("details.zg-menu[open], details.zg-more[open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) {
        menu.open = false;
      }
    });
  }
  document.addEventListener("click", function (event) {
    closeMenus(event.target);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details.zg-menu[open], details.zg-more[open]");
      closeMenus(null);
      if (open) {
        open.querySelector("summary").focus();
      }
    }
  });
})();
