/* The due day of a term is worked out by the server while it is being typed. Without script the
   button beside the form does the same. */
(function () {
  "use strict";
  var box = document.querySelector("[data-preview]");
  var form = document.querySelector("form[data-draft]");
  if (!box || !form) {
    return;
  }
  var names = box.dataset.order
    ? ["attempted_on", "method"]
    : ["term_kind", "term_days", "term_date"];
  var asked = "";
  var timer = 0;
  function value(name) {
    var chosen = form.querySelector('[name="' + name + '"]:checked');
    var control = chosen || form.querySelector('[name="' + name + '"]:not([type=radio])');
    return control ? control.value : "";
  }
  function query() {
    var given = new URLSearchParams();
    if (box.dataset.order) {
      given.set("order", box.dataset.order);
      given.set("served_on", value("attempted_on"));
      given.set("method", value("method"));
    } else {
      names.forEach(function (name) {
        given.set(name, value(name));
      });
    }
    return given.toString();
  }
  function ask() {
    var now = query();
    if (now === asked) {
      return;
    }
    asked = now;
    fetch(box.dataset.preview + "?" + now)
      .then(function (answer) {
        return answer.ok ? answer.text() : null;
      })
      .then(function (html) {
        if (html !== null && now === asked) {
          var parsed = new DOMParser().parseFromString(html, "text/html");
          box.replaceChildren.apply(box, Array.from(parsed.body.childNodes));
        }
      })
      .catch(function () {});
  }
  form.addEventListener("input", function (event) {
    if (names.indexOf(event.target.name) >= 0) {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 250);
    }
  });
})();
