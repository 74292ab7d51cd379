/* A standing paragraph is shown as it will be printed while it is being typed. Without script the
   button beside it shows the same on a page of its own. */
(function () {
  "use strict";
  function start() {
    var box = document.querySelector("[data-trial]");
    var text = document.querySelector("[data-wording]");
    if (!box || !text) {
      return;
    }
    var form = text.form;
    var latest = 0;
    var timer = 0;
    function field(name) {
      return form.querySelector('[name="' + name + '"]');
    }
    /* The unit of the row decides; where it is for all units, one may be tried. */
    function follow() {
      field("trial_unit").disabled = Boolean(field("unit").value);
    }
    function ask() {
      var mine = (latest += 1);
      var given = new FormData();
      ["csrfmiddlewaretoken", "code", "unit", "text", "trial_unit"].forEach(function (name) {
        given.set(name, field(name).value);
      });
      fetch(box.dataset.trial, { method: "POST", body: given, headers: { "X-Part": "1" } })
        .then(function (answer) {
          return answer.ok ? answer.text() : null;
        })
        .then(function (html) {
          if (html !== null && mine === latest) {
            var parsed = new DOMParser().parseFromString(html, "text/html");
            box.replaceChildren.apply(box, Array.from(parsed.body.childNodes));
          }
        })
        .catch(function () {});
    }
    function later() {
      follow();
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 250);
    }
    /* With script the button asks at once, and Enter saves instead of trying. */
    var button = form.querySelector('[name="_trial"]');
    button.type = "button";
    button.addEventListener("click", ask);
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    follow();
  }
  /* The admin loads its scripts in the head. */
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
