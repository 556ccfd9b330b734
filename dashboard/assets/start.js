/* The first run: files may be dropped, and progress is asked for. Without this the form and the page work as well. */
(function () {
  function size(bytes) {
    return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
  }

  function chosen(input, list) {
    list.replaceChildren.apply(list, Array.from(input.files).map(function (file) {
      var line = document.createElement("li");
      line.textContent = file.name + " · " + size(file.size);
      return line;
    }));
  }

  function drop(place) {
    var input = place.querySelector("input[type=file]"), list = place.querySelector("[data-chosen]");
    input.addEventListener("change", function () { chosen(input, list); });
    ["dragover", "dragleave", "drop"].forEach(function (name) {
      place.addEventListener(name, function (event) {
        event.preventDefault();
        place.classList.toggle("over", name === "dragover");
        if (name === "drop" && event.dataTransfer.files.length) {
          input.files = event.dataTransfer.files;
          chosen(input, list);
        }
      });
    });
  }

  function put(place, text) {
    /* Only what changed: the stage is read aloud. */
    if (place.textContent !== text) { place.textContent = text; }
  }

  function lead(visit, address) {
    if (!visit || visit.hidden === !address) { return; }
    visit.querySelector("[data-page]").href = address;
    visit.hidden = !address;
  }

  function follow(place) {
    var bar = place.querySelector("progress"), stop = place.querySelector("[data-stop]");
    fetch(place.dataset.progress, { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.json() : { over: true };
    }).then(function (far) {
      if (far.over) { window.location.replace(place.dataset.then); return; }
      put(place.querySelector("[data-stage]"), far.stage);
      put(place.querySelector("[data-said]"), far.said);
      lead(place.querySelector("[data-visit]"), far.address);
      if (stop) { stop.hidden = !far.stop; }
      if (far.part === null) { bar.removeAttribute("value"); } else { bar.value = far.part; }
      window.setTimeout(follow, 1000, place);
    }).catch(function () { window.setTimeout(follow, 3000, place); });
  }

  function once(form) {
    /* A second click would begin a second time, and be told that the first is still going on. */
    var sent = false;
    form.addEventListener("submit", function (event) {
      if (sent) { event.preventDefault(); }
      sent = true;
    });
    window.addEventListener("pageshow", function () { sent = false; });
  }

  document.querySelectorAll("form").forEach(once);
  document.querySelectorAll("[data-drop]").forEach(drop);
  document.querySelectorAll("[data-zone]").forEach(function (input) {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || input.value;
  });
  document.querySelectorAll("[data-progress]").forEach(follow);
  var complaint = document.getElementById("complaint");
  if (complaint) { complaint.tabIndex = -1; complaint.focus(); }
})();
