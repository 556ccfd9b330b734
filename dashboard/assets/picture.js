/* A figure as a picture: this browser paints what is on screen, with its title, dates and source, and asks nobody. */
(function () {
  var SCALE = 2, EDGE = 28, GAP = 20;
  // What the style sheet says about a drawing; everything else stands in the drawing itself.
  var SAID = ["display", "visibility", "opacity", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width",
    "font-family", "font-size", "font-weight", "text-anchor"];

  function words(selector) {
    return Array.from(document.querySelectorAll(selector), function (each) { return each.textContent.trim(); }).filter(Boolean);
  }

  /* Two lines under the picture: the question with who and when, and what the figures come from. */
  function source() {
    var badge = document.querySelector(".badge");
    return [
      words("main h1, .eyebrow span").join(" · "),
      ["meetload", badge && badge.textContent + ": " + badge.title].filter(Boolean).concat(words("#source")).join(" · "),
    ];
  }

  /* The name of the file with the numbers, with another ending. */
  function name(link) {
    var address = new URL(link.href), asked = address.searchParams, dates = document.querySelector("[data-dates]");
    return ["meetload"].concat(address.pathname.replace(/\.csv$/, "").split("/").slice(2),
      [asked.get("viewer"), asked.get("period") || (dates && dates.dataset.dates)]).filter(Boolean).map(function (part) {
      return part.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^_+|_+$/g, "");
    }).join("-") + ".png";
  }

  function lettering(paint, style) {
    paint.font = [style.fontStyle, style.fontWeight, style.fontSize, style.fontFamily].join(" ");
    paint.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    paint.fillStyle = style.color;
  }

  function box(paint, style, at, place) {
    if (/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor)) { return; }
    var reach = Math.min(parseFloat(style.borderTopLeftRadius) || 0, at.width / 2, at.height / 2);
    paint.fillStyle = style.backgroundColor;
    paint.beginPath();
    paint.roundRect(at.left - place.left, at.top - place.top, at.width, at.height, reach);
    paint.fill();
  }

  /* Word for word where the browser put it, so that lines break as they do on screen. */
  function text(paint, node, style, place) {
    var range = document.createRange(), word = /\S+/g, found;
    lettering(paint, style);
    while ((found = word.exec(node.data))) {
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      var at = range.getClientRects()[0];
      if (at) {
        var high = paint.measureText(found[0]).fontBoundingBoxAscent;
        paint.fillText(found[0], at.left - place.left, at.top - place.top + high);
      }
    }
  }

  function drawn(svg) {
    var copy = svg.cloneNode(true), at = svg.getBoundingClientRect(), live = svg.querySelectorAll("*");
    Array.from(copy.querySelectorAll("*")).forEach(function (each, number) {
      var style = getComputedStyle(live[number]);
      SAID.forEach(function (property) { each.style.setProperty(property, style.getPropertyValue(property), "important"); });
    });
    copy.setAttribute("width", at.width);
    copy.setAttribute("height", at.height);
    var image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
    return image.decode().then(function () { return image; });
  }

  async function walk(paint, node, place) {
    if (node.nodeType === Node.TEXT_NODE) { text(paint, node, getComputedStyle(node.parentElement), place); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || !node.getClientRects().length) { return; }
    var style = getComputedStyle(node), at = node.getBoundingClientRect();
    if (style.visibility === "hidden") { return; }
    if (node.localName === "svg") {
      if (at.width && at.height) { paint.drawImage(await drawn(node), at.left - place.left, at.top - place.top, at.width, at.height); }
      return;
    }
    box(paint, style, at, place);
    for (var child of node.childNodes) { await walk(paint, child, place); }
  }

  function broken(paint, line, width) {
    return line.split(" ").reduce(function (lines, word) {
      var longer = (lines[lines.length - 1] + " " + word).trim();
      if (paint.measureText(longer).width <= width) { lines[lines.length - 1] = longer; } else { lines.push(word); }
      return lines;
    }, [""]);
  }

  async function paint(figure) {
    var caption = figure.querySelector("figcaption"), drawing = figure.querySelector(".drawing");
    var top = caption.getBoundingClientRect(), end = drawing.getBoundingClientRect();
    var small = getComputedStyle(figure.querySelector(".proof")), line = 1.5 * parseFloat(small.fontSize);
    var canvas = document.createElement("canvas"), brush = canvas.getContext("2d");
    lettering(brush, small);
    var foot = source().flatMap(function (each) { return broken(brush, each, top.width); });
    var height = end.bottom - top.top + GAP + foot.length * line;
    canvas.width = SCALE * (top.width + 2 * EDGE);
    canvas.height = SCALE * (height + 2 * EDGE);
    brush.scale(SCALE, SCALE);
    brush.fillStyle = getComputedStyle(figure).backgroundColor;
    brush.fillRect(0, 0, canvas.width, canvas.height);
    var place = { left: top.left - EDGE, top: top.top - EDGE };
    await walk(brush, caption, place);
    await walk(brush, drawing, place);
    lettering(brush, small);
    brush.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--quiet");
    foot.forEach(function (each, number) {
      brush.fillText(each, EDGE, EDGE + end.bottom - top.top + GAP + (number + 0.7) * line);
    });
    return new Promise(function (done) { canvas.toBlob(done, "image/png"); });
  }

  function save(blob, called) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = called;
    link.click();
    window.setTimeout(URL.revokeObjectURL, 10000, link.href);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-picture]");
    var figure = button && button.closest("figure");
    if (figure) { paint(figure).then(function (blob) { save(blob, name(figure.querySelector("a.download"))); }); }
  });
})();
