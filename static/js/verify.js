/* A PDF may be dropped on the box. Without script the field and the button do the same. */
(function () {
  "use strict";
  var box = document.querySelector("[data-drop]");
  if (!box || !("DataTransfer" in window)) {
    return;
  }
  var field = box.querySelector("input[type=file]");
  var over = 0;
  function mark(by) {
    over = Math.max(0, over + by);
    box.classList.toggle("zg-drop--over", over > 0);
  }
  box.classList.add("zg-drop--live");
  /* A file that misses the box must not take the place of the page. */
  window.addEventListener("dragover", function (event) {
    event.preventDefault();
  });
  window.addEventListener("drop", function (event) {
    event.preventDefault();
  });
  box.addEventListener("dragenter", function () {
    mark(1);
  });
  box.addEventListener("dragleave", function () {
    mark(-1);
  });
  box.addEventListener("drop", function (event) {
    mark(-over);
    if (!event.dataTransfer.files.length) {
      return;
    }
    var one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    field.files = one.files;
    field.form.requestSubmit();
  });
})();
