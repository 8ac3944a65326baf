// Draws every [data-chart] on the page from the figure beside it, in the colours of the theme. A figure comes in the
// colours of a light page; the palette beside it maps each to its dark twin.
(() => {
  "use strict";
  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, scrollZoom: false };
  const PAPER_WIDTH = 1160; // px, before print.css shrinks the frame to six tenths

  // Plotly gives the links and bold words in its labels a style attribute, which the page's policy refuses with a line
  // in the console for each. Set through the object model, the same style passes.
  const setAttribute = SVGElement.prototype.setAttribute;
  SVGElement.prototype.setAttribute = function (name, value) {
    if (name === "style") {
      this.style.cssText = value;
    } else {
      setAttribute.call(this, name, value);
    }
  };

  const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

  function readJson(id) {
    return JSON.parse(document.getElementById(id).textContent);
  }

  function isDark() {
    const theme = document.documentElement.dataset.theme;
    return theme === "dark" || (theme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  }

  function recoloured(value, twins) {
    if (typeof value === "string") {
      return twins[value.toLowerCase()] ?? value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => recoloured(item, twins));
    }
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, recoloured(item, twins)]));
    }
    return value;
  }

  // Lines that stand closer have room for smaller markers only; all shrink alike, so that areas still compare.
  function shrunk(traces, share) {
    return traces.map((trace) =>
      share < 1 && Array.isArray(trace.marker?.size)
        ? { ...trace, marker: { ...trace.marker, size: trace.marker.size.map((size) => size * share) } }
        : trace,
    );
  }

  // In the theme's colours and as wide as its box; or, on paper, in its own, as wide as the sheet and, where the figure
  // says how, less high.
  function themed(plot, onPaper = false) {
    const figure = readJson(plot.dataset.chart);
    const drawn = isDark() && !onPaper ? recoloured(figure, readJson(plot.dataset.palette)) : figure;
    const size = onPaper ? { width: PAPER_WIDTH, autosize: false } : { autosize: true };
    const height = (onPaper && figure.layout.meta?.paper_height) || Number(plot.dataset.height);
    drawn.layout = { ...drawn.layout, ...size, height };
    drawn.data = shrunk(drawn.data, Math.min(1, height / Number(plot.dataset.height)));
    drawn.layout.paper_bgcolor = "rgba(0,0,0,0)";
    drawn.layout.plot_bgcolor = "rgba(0,0,0,0)";
    drawn.layout.font = { ...drawn.layout.font, family: getComputedStyle(document.body).fontFamily };
    if (reducedMotion.matches) {
      drawn.layout.transition = { duration: 0 };
    }
    return drawn;
  }

  // A saved picture stands on white paper whatever the theme of the screen.
  function save(plot, format) {
    const figure = readJson(plot.dataset.chart);
    figure.layout = { ...figure.layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff" };
    window.Plotly.downloadImage(figure, {
      format,
      filename: plot.dataset.filename,
      width: Math.max(plot.clientWidth, 900),
      height: Number(plot.dataset.height),
      scale: format === "png" ? 2 : 1,
    });
  }

  function follow(event) {
    const data = event.points?.[0]?.customdata;
    const url = typeof data === "string" ? data : data?.url;
    if (typeof url === "string" && url.startsWith("/")) {
      window.location.assign(url);
    }
  }

  // A drawing wider than its box scrolls there: by keyboard too.
  function reachable(frame) {
    if (frame && frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", `${frame.closest(".chart").querySelector(".chart-title").textContent}, drawing`);
    }
  }

  async function draw(plot) {
    const { data, layout } = themed(plot);
    plot.replaceChildren();
    await window.Plotly.newPlot(plot, data, layout, CONFIG);
    plot.on("plotly_click", follow);
    reachable(plot.closest(".chart-frame"));
    plot.dataset.drawn = "true";
    const buttons = plot.closest(".chart").querySelector(".chart-buttons");
    if (buttons && buttons.hidden) {
      buttons.hidden = false;
      buttons.addEventListener("click", (event) => {
        const button = event.target.closest("[data-chart-save]");
        if (button) {
          save(plot, button.dataset.chartSave);
        }
      });
    }
  }

  function drawAll() {
    document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
  }

  function redrawAll(onPaper) {
    document.querySelectorAll("[data-chart][data-drawn]").forEach((plot) => {
      const { data, layout } = themed(plot, onPaper);
      window.Plotly.react(plot, data, layout, CONFIG);
    });
  }

  document.addEventListener("atlas:theme", () => redrawAll(false));
  window.addEventListener("beforeprint", () => redrawAll(true));
  window.addEventListener("afterprint", () => redrawAll(false));
  document.addEventListener("htmx:afterSettle", drawAll);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", drawAll);
  } else {
    drawAll();
  }
})();
