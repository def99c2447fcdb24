// Small charts of what changed in the last hour: lines, a text that sums them up, and a table. With the pointer or the arrow keys, what was
// at a moment is told.

import { clock, el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 120;

/**
 * @typedef {{at: string, [name: string]: any}} Point as the API tells it
 * @typedef {{name: string, value: (point: Point) => number | undefined}} Series
 */

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** The next of 1, 2, 5, 10, 20, ... @param {number} most @param {number} base */
export function nice(most, base = 10) {
  if (!(most > 0)) return 1;
  const power = base ** Math.floor(Math.log(most) / Math.log(base));
  const steps = base === 10 ? [1, 2, 5, 10] : [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
  return power * steps.find((step) => step * power >= most * 0.9999);
}

/**
 * The line of a series, which is broken where points are missing.
 *
 * @param {Point[]} points
 * @param {(point: Point) => number | undefined} value
 * @param {{begin: number, end: number, gap: number, top: number}} scale times in milliseconds
 */
export function path(points, value, { begin, end, gap, top }) {
  let line = "";
  let before = -Infinity;
  for (const point of points) {
    const at = Date.parse(point.at);
    const y = value(point);
    if (y === undefined) {
      before = -Infinity;
      continue;
    }
    const x = (((at - begin) / (end - begin)) * WIDTH).toFixed(1);
    const h = (HEIGHT - (y / top) * HEIGHT).toFixed(1);
    line += at - before > gap ? `M${x} ${h}h0.1` : `L${x} ${h}`;
    before = at;
  }
  return line;
}

export class Chart {
  #points = [];
  #chosen;
  #parts;

  /**
   * @param {{id: string, title: string, series: Series[], words: (value: number) => string, base?: number, least?: number}} options
   *   words: a value for people; least: the scale goes up to that at least
   * @param {{interval: number, kept: number}} times seconds
   */
  constructor(options, times) {
    this.options = options;
    this.times = times;
    this.element = this.#make();
  }

  #make() {
    const { id, title, series } = this.options;
    const plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (const y of [0.25, 0.5, 0.75]) plot.append(svg("path", { class: "grid", d: `M0 ${HEIGHT * y}H${WIDTH}` }));
    const lines = series.map((one, i) => plot.appendChild(svg("path", { class: `line line-${i + 1}` })));
    const cursor = plot.appendChild(svg("path", { class: "cursor" }));
    const top = el("span", { class: "top" });
    const readout = el("p", { class: "readout" });
    const slider = el(
      "div",
      { class: "plot", tabindex: "0", role: "slider", "aria-labelledby": `${id}-title`, "aria-valuemin": "0" },
      plot,
      top,
    );
    slider.addEventListener("pointermove", (event) => this.#point(event));
    slider.addEventListener("pointerleave", () => this.#choose(undefined));
    slider.addEventListener("blur", () => this.#choose(undefined));
    slider.addEventListener("keydown", (event) => this.#key(event));
    const legend = el("ul", { class: "legend" }, ...series.map((one, i) => this.#entry(one, i)));
    const summary = el("figcaption", { class: "quiet small" });
    const rows = el("div", {});
    const fold = el("details", { class: "small" }, el("summary", {}, "As a table"), rows);
    fold.addEventListener("toggle", () => this.#table());
    this.#parts = { lines, cursor, top, readout, slider, legend, summary, rows, fold };
    const axis = el("p", { class: "axis", "aria-hidden": "true" }, el("span", {}, "1 h ago"), el("span", {}, "now"));
    return el("figure", { class: "chart", id }, el("h3", { id: `${id}-title` }, title), slider, axis, legend, readout, summary, fold);
  }

  #entry(one, i) {
    const sample = svg("svg", { viewBox: "0 0 24 6", class: "sample", "aria-hidden": "true" });
    sample.append(svg("path", { class: `line line-${i + 1}`, d: "M1 3H23" }));
    return el("li", {}, sample, one.name, " ", el("strong", {}, "–"));
  }

  /** @param {Point[]} points oldest first */
  show(points) {
    this.#points = points;
    const { series, words, base, least = 0 } = this.options;
    const { lines, top, slider, legend } = this.#parts;
    const values = points.flatMap((point) => series.map((one) => one.value(point) ?? 0));
    const scale = this.#scale(nice(Math.max(least, ...values), base));
    series.forEach((one, i) => lines[i].setAttribute("d", path(points, one.value, scale)));
    top.textContent = words(scale.top);
    slider.setAttribute("aria-valuemax", Math.max(0, points.length - 1));
    const last = points.at(-1);
    [...legend.children].forEach((entry, i) => (entry.querySelector("strong").textContent = this.#value(series[i], last)));
    this.#sumUp();
    this.#read();
    this.#table();
  }

  #scale(top) {
    const end = Date.now();
    return { begin: end - this.times.kept * 1000, end, gap: this.times.interval * 2500, top };
  }

  #value(one, point) {
    const value = point && one.value(point);
    return value === undefined ? "–" : this.options.words(value);
  }

  #sumUp() {
    const { series, words } = this.options;
    const most = series.map((one) => {
      const known = this.#points.filter((point) => one.value(point) !== undefined);
      if (!known.length) return `${one.name}: nothing yet`;
      const highest = known.reduce((a, b) => (one.value(b) > one.value(a) ? b : a));
      return one.value(highest) > 0
        ? `${one.name} at most ${words(one.value(highest))}, at ${clock(new Date(highest.at))}`
        : `${one.name} none`;
    });
    this.#parts.summary.textContent = this.#points.length ? `In the last hour: ${most.join("; ")}.` : "The first point comes in some seconds.";
  }

  #point(event) {
    const box = this.#parts.slider.getBoundingClientRect();
    const { begin, end } = this.#scale(1);
    const at = begin + ((event.clientX - box.left) / box.width) * (end - begin);
    const near = (point) => Math.abs(Date.parse(point.at) - at);
    if (this.#points.length) this.#choose(this.#points.reduce((a, b) => (near(b) < near(a) ? b : a)).at);
  }

  #key(event) {
    const now = this.#points.findIndex((point) => point.at === this.#chosen);
    const last = this.#points.length - 1;
    const from = now < 0 ? last : now;
    const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageUp: from + 30, PageDown: from - 30, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#choose(this.#points[Math.min(last, Math.max(0, to))].at);
  }

  /** @param {string | undefined} at of the point that is told of; none: the last one */
  #choose(at) {
    this.#chosen = at;
    this.#read();
  }

  #read() {
    const { cursor, readout, slider } = this.#parts;
    const chosen = this.#points.find((point) => point.at === this.#chosen);
    const point = chosen ?? this.#points.at(-1);
    const told = point
      ? `${clock(new Date(point.at))}: ${this.options.series.map((one) => `${one.name} ${this.#value(one, point)}`).join(", ")}`
      : "No point yet";
    slider.setAttribute("aria-valuenow", Math.max(0, this.#points.indexOf(point)));
    slider.setAttribute("aria-valuetext", told);
    readout.textContent = chosen ? told : "";
    const { begin, end } = this.#scale(1);
    const x = chosen ? ((Date.parse(chosen.at) - begin) / (end - begin)) * WIDTH : 0;
    cursor.setAttribute("d", chosen ? `M${x} 0V${HEIGHT}` : "");
  }

  /** A row for each minute: its last point. */
  #table() {
    const { fold, rows } = this.#parts;
    if (!fold.open) return;
    const minutes = new Map(this.#points.map((point) => [point.at.slice(0, 16), point]));
    const { series, title } = this.options;
    const head = el("tr", {}, el("th", { scope: "col" }, "Time"), ...series.map((one) => el("th", { scope: "col" }, one.name)));
    const row = (point) => el("tr", {}, el("td", {}, clock(new Date(point.at))), ...series.map((one) => el("td", {}, this.#value(one, point))));
    const made = el("table", {}, el("thead", {}, head), el("tbody", {}, ...[...minutes.values()].reverse().map(row)));
    rows.replaceChildren(el("div", { class: "scroll points", tabindex: "0", role: "region", "aria-label": `${title}, by minute` }, made));
  }
}
