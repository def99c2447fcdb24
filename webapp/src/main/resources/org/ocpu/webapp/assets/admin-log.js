// The end of the server's log, as it grows.

import { listen } from "./admin-api.js";
import { count, el } from "./dom.js";

const MOST = 2000;
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

const lines = document.getElementById("log-lines");
const state = document.getElementById("log-state");
const text = document.getElementById("log-text");
const level = document.getElementById("log-level");
const pause = document.getElementById("log-pause");

/** @type {{level: string, text: string}[]} */
let kept = [];
let held = [];
let close;
let context;

const paused = () => pause.getAttribute("aria-pressed") === "true";

function matches(line) {
  const words = text.value.trim().toLowerCase();
  return LEVELS.indexOf(line.level) >= LEVELS.indexOf(level.value) && line.text.toLowerCase().includes(words);
}

function row(line) {
  const mark = el("span", { class: "level" }, line.level);
  const words = line.text.replace(/^(\S+) (?:TRACE|DEBUG|INFO|WARN|ERROR) +/, "$1 ");
  return el("div", { class: "log-line", "data-level": line.level }, mark, el("span", { class: "text" }, words));
}

/** Lines of the file; one without a time belongs to the one before. */
function parsed(all) {
  return all.reduce((found, one) => {
    const head = /^\d{4}-\d\d-\d\dT\S+ (TRACE|DEBUG|INFO|WARN|ERROR) /.exec(one);
    if (head) found.push({ level: head[1], text: one });
    else if (found.length) found.at(-1).text += `\n${one}`;
    return found;
  }, []);
}

function atEnd() {
  return lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
}

function tell() {
  const hidden = paused() ? `Paused; ${count(held.length, "new line")}.` : "";
  state.textContent = [context, hidden].filter(Boolean).join(" ");
}

function add(more) {
  const follow = atEnd();
  kept = [...kept, ...more].slice(-MOST);
  lines.append(...more.filter(matches).map(row));
  while (lines.children.length > MOST) lines.firstElementChild.remove();
  if (follow) lines.scrollTop = lines.scrollHeight;
}

function showAll() {
  lines.replaceChildren(...kept.filter(matches).map(row));
  lines.scrollTop = lines.scrollHeight;
}

function take(line) {
  if (paused()) held = [...held, line].slice(-MOST);
  else add([line]);
  if (paused()) tell();
}

/** Follows it until it is closed. */
export function openLog() {
  closeLog();
  close = listen("/log/events?lines=300", {
    on: {
      tail: (tail) => {
        kept = parsed(tail.lines);
        held = [];
        context = "";
        showAll();
        tell();
      },
      line: take,
      dropped: (dropped) => take({ level: "WARN", text: `${count(dropped.events, "line")} left out here: they came faster than this page takes them.` }),
    },
    lost: (seconds) => {
      context = `The connection is lost. Trying again in ${seconds} s.`;
      tell();
    },
    refused: (failure) => {
      context = failure.message;
      tell();
    },
  });
}

export function closeLog() {
  close?.();
  close = undefined;
}

document.getElementById("log-filter").addEventListener("submit", (event) => event.preventDefault());
text.addEventListener("input", showAll);
level.addEventListener("change", showAll);
pause.addEventListener("click", () => {
  const now = !paused();
  pause.setAttribute("aria-pressed", String(now));
  if (!now) {
    add(held);
    held = [];
  }
  tell();
});
