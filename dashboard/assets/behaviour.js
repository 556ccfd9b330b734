/* What the browser does by itself; no data passes here. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.meetload = {
  /* A choice is an address. The one we are at is no choice: Dash also calls this when a page has just been drawn. */
  go: function (chosen, here) {
    return chosen && here && chosen !== here ? chosen : window.dash_clientside.no_update;
  },
  /* A bar or a point that leads somewhere carries its address. */
  open: function (clicked) {
    var address = clicked && clicked.points[0] && clicked.points[0].customdata;
    if (!address) { return window.dash_clientside.no_update; }
    window.dash_clientside.meetload.goesOn = true;
    return address;
  },
  announce: function (page) {
    var headline = document.getElementById("headline");
    window.dash_clientside.meetload.arrive();
    return [page && page.title, headline && headline.textContent].filter(Boolean).join(". ");
  },
  /* Whoever goes on begins at the top, or at the part that the address names; whoever goes back is where they were. */
  goesOn: Boolean(location.hash),
  arrive: function () {
    var part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (window.dash_clientside.meetload.goesOn) { window.scrollTo(0, 0); }
    if (window.dash_clientside.meetload.goesOn && part) { part.focus(); }
    window.dash_clientside.meetload.goesOn = false;
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

/* Rows that lead somewhere get their links when the numbers are opened: a hundred of them would slow every page. */
(function () {
  function links(table) {
    var addresses = table.dataset.links.split("\n");
    table.querySelectorAll("tbody tr").forEach(function (row, number) {
      (addresses[number] || "").split("\t").forEach(function (address, column) {
        var cell = row.children[column];
        if (!address || cell.querySelector("a")) { return; }
        var link = document.createElement("a");
        link.href = address;
        link.append.apply(link, cell.childNodes);
        cell.append(link);
      });
    });
  }
  document.addEventListener("toggle", function (event) {
    var table = event.target.open && event.target.querySelector("[data-links]");
    if (table) { links(table); }
  }, true);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-links] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    window.dash_clientside.meetload.goesOn = true;
    window.dash_clientside.set_props("go", { href: link.getAttribute("href") });
  });
})();

/* While an answer is being worked out: ask how far it is, and come back when it is there. */
(function () {
  var asking = false;
  function heard(state) {
    var bar = document.querySelector("#waiting progress");
    if (bar) { bar.max = state.total || 1; bar.value = state.done; }
    if (bar && state.ready) { window.location.reload(); }
  }
  setInterval(function () {
    var waiting = document.getElementById("waiting");
    if (!waiting || asking || document.hidden) { return; }
    asking = true;
    fetch(waiting.dataset.ask, { credentials: "same-origin" })
      .then(function (answer) { return answer.json(); })
      .then(heard)
      .catch(function () { /* The server is away: the next time may be better. */ })
      .then(function () { asking = false; });
  }, 400);
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
