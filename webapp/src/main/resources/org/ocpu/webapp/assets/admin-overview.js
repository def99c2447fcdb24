// How the server does now, and did in the last hour.

import { Chart } from "./charts.js";
import { clock, count, el, size, span } from "./dom.js";

const numbers = document.getElementById("numbers");
const problems = document.getElementById("problems");
const versions = document.getElementById("versions");
const charts = document.getElementById("charts");

const whole = (value) => String(Number(value.toFixed(value < 10 ? 1 : 0)));
const rate = (value) => `${whole(value)}/s`;
const millis = (value) => (value < 1000 ? `${whole(value)} ms` : `${whole(value / 1000)} s`);
const perSecond = (...names) => (point) => names.reduce((sum, name) => sum + point.requests[name], 0) / point.seconds;

/** What each chart shows of a point. */
const OPTIONS = [
  {
    id: "chart-requests",
    title: "Requests",
    words: rate,
    series: [
      { name: "answered", value: perSecond("2xx", "3xx") },
      { name: "refused (4xx)", value: perSecond("4xx") },
      { name: "failed (5xx)", value: perSecond("5xx") },
      { name: "too busy (503)", value: perSecond("503") },
    ],
  },
  {
    id: "chart-latency",
    title: "Latency",
    words: millis,
    series: [
      { name: "median", value: (point) => point.latency?.p50 },
      { name: "99 %", value: (point) => point.latency?.p99 },
    ],
  },
  {
    id: "chart-workers",
    title: "Workers",
    words: whole,
    least: 1,
    series: [
      { name: "running", value: (point) => point.workers.running },
      { name: "waiting requests", value: (point) => point.workers.waiting },
    ],
  },
  {
    id: "chart-memory",
    title: "Memory",
    words: size,
    base: 1024,
    series: [
      { name: "server", value: (point) => point.memory.server },
      { name: "R", value: (point) => point.memory.engines },
    ],
  },
];

let points = [];
let kept = 3600;
let made = [];

/** @param {{interval: number, kept: number, points: object[]}} metrics as the API tells them */
export function showPoints(metrics) {
  points = metrics.points;
  kept = metrics.kept;
  if (!made.length) {
    made = OPTIONS.map((options) => new Chart(options, metrics));
    charts.replaceChildren(...made.map((chart) => chart.element));
  }
  made.forEach((chart) => chart.show(points));
}

/** @param {object} point newer than all others */
export function addPoint(point) {
  const oldest = Date.now() - kept * 1000;
  points = [...points, point].filter((one) => Date.parse(one.at) >= oldest);
  made.forEach((chart) => chart.show(points));
}

/** The numbers of now: a name, the number, and what belongs to it. */
function tiles({ workers, requests, builds, engines, memory, disk, startedAt }) {
  return [
    ["Workers", `${workers.running} of ${workers.max}`, `run, for ${count(workers.clients, "client")}`],
    ["Queue", `${workers.waiting} of ${workers.queue}`, "wait for a worker"],
    ["Requests", String(requests), "are being answered"],
    ["Builds", `${builds.running} of ${builds.max}`, `run, ${builds.queued} wait`],
    ["Engines", String(engines.count), count(engines.idle, "idle worker")],
    ["Memory", size(memory.server + memory.engines), `server ${size(memory.server)}, R ${size(memory.engines)}`],
    ["Disk", size(disk.free), `free of ${size(disk.size)}`],
    ["Up", span((Date.now() - Date.parse(startedAt)) / 1000), `since ${clock(new Date(startedAt))}`],
  ];
}

function set(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @param {object} status as the API tells it */
export function showStatus(status) {
  const now = tiles(status);
  if (!numbers.children.length) {
    const tile = ([name]) => el("div", {}, el("dt", {}, name), el("dd", {}, el("strong", {}), el("span", { class: "quiet small" })));
    numbers.replaceChildren(...now.map(tile));
  }
  now.forEach(([, number, more], i) => {
    const [strong, quiet] = numbers.children[i].lastElementChild.children;
    set(strong, number);
    set(quiet, more);
  });
  const { ocpu, r, java } = status.versions;
  set(versions, `ocpu ${ocpu}, ${r}, Java ${java}`);
  if ([...problems.children].map((item) => item.textContent).join("\n") !== status.problems.join("\n")) {
    problems.replaceChildren(...status.problems.map((problem) => el("li", {}, problem)));
  }
  problems.hidden = !status.problems.length;
}
