/* Only what the chosen method of service asks for is shown. Without script all of it is; the server
   keeps what belongs to the method and asks for what it lacks. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-draft]");
  var box = document.querySelector("[data-methods-box]");
  if (!form || !box) {
    return;
  }
  var OUTCOMES = JSON.parse(box.dataset.methodsBox || "{}");
  function choose() {
    var chosen = form.querySelector('[name="method"]:checked');
    if (!chosen) {
      return;
    }
    document.querySelectorAll("[data-methods]").forEach(function (part) {
      part.hidden = part.dataset.methods.split(" ").indexOf(chosen.value) < 0;
    });
    var fits = OUTCOMES[chosen.value];
    if (!fits) {
      return;
    }
    form.querySelectorAll('[name="outcome"]').forEach(function (control) {
      var line = control.closest(".form-check");
      var can = fits.indexOf(control.value) >= 0;
      if (line) {
        line.hidden = !can;
      }
      if (!can && control.checked) {
        control.checked = false;
        var first = form.querySelector('[name="outcome"][value="' + fits[0] + '"]');
        if (first) {
          first.checked = true;
        }
      }
    });
  }
  form.addEventListener("change", function (event) {
    if (event.target.name === "method") {
      choose();
    }
  });
  choose();
})();
