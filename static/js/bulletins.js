/* The draft of a bulletin: how many characters each text has. Without script the server counts. */
(function () {
  "use strict";

  document.querySelectorAll("textarea[data-count]").forEach(function (area) {
    var most = Number(area.dataset.count);
    var shown = document.createElement("p");
    shown.className = "zg-count";
    shown.setAttribute("aria-live", "off");
    area.insertAdjacentElement("afterend", shown);
    function tell() {
      var length = Array.from(area.value).length;
      shown.textContent = length + " / " + most;
      shown.classList.toggle("zg-red", length > most);
    }
    area.addEventListener("input", tell);
    tell();
  });
})();
