/* What the browser does by itself; no data passes here. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.meetload = {
  /* A choice is an address. The one we are at is no choice: Dash also calls this when a page has just been drawn. */
  go: function (chosen, here) {
    return chosen && here && chosen !== here ? chosen : window.dash_clientside.no_update;
  },
  announce: function (page) {
    var headline = document.getElementById("headline");
    return [page && page.title, headline && headline.textContent].filter(Boolean).join(". ");
  },
};

/* A menu closes when something in it is chosen, when the attention goes elsewhere, and with Escape. */
(function () {
  function close(keep) {
    document.querySelectorAll("details.menu[open]").forEach(function (each) {
      if (each !== keep) { each.open = false; }
    });
  }
  document.addEventListener("click", function (event) {
    close(event.target.closest("a") ? null : event.target.closest("details.menu"));
  });
  document.addEventListener("focusin", function (event) { close(event.target.closest("details.menu")); });
  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
})();

/* On paper every number is open. */
(function () {
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (each) { each.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (each) { each.open = false; });
    opened = [];
  });
})();
