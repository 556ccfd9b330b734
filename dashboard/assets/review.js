/* A letter presses the button of the series that has the focus; u takes the last word back. */
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey || "dceiou".indexOf(event.key) < 0) return;
  var row = event.target.closest && event.target.closest("[data-review], .said");
  if (!row) return;
  var place = event.key === "u" ? document : row;
  var button = place.querySelector('button[data-key="' + event.key + '"]');
  if (button) {
    event.preventDefault();
    button.click();
  }
});
