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

  function follow(place) {
    var said = place.querySelector("[data-said]"), bar = place.querySelector("progress");
    fetch(place.dataset.progress, { cache: "no-store" }).then(function (answer) { return answer.json(); }).then(function (far) {
      if (far.over) { window.location.replace(place.dataset.then); return; }
      if (said.textContent !== far.said) { said.textContent = far.said; }
      if (far.part === null) { bar.removeAttribute("value"); } else { bar.value = far.part; }
      window.setTimeout(follow, 1000, place);
    }, function () { window.setTimeout(follow, 3000, place); });
  }

  document.querySelectorAll("[data-drop]").forEach(drop);
  document.querySelectorAll("[data-zone]").forEach(function (input) {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || input.value;
  });
  document.querySelectorAll("[data-progress]").forEach(follow);
  var complaint = document.getElementById("complaint");
  if (complaint) { complaint.tabIndex = -1; complaint.focus(); }
})();
