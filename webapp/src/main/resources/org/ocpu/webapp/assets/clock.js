// Times that go on: how long something takes so far, how long ago something was. By the server's clock.

/** What the server's clock is ahead of this one, in milliseconds. */
const ahead = serverNow() - Date.now();

function serverNow() {
  const said = Date.parse(document.querySelector("[data-now]")?.dataset.now ?? "");
  return Number.isNaN(said) ? Date.now() : said;
}

/** @param {number} ms @returns {string} as the server writes it */
export function took(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} ms @returns {string} as the server writes it */
function ago(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** @param {Element} element @param {string} words */
function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Brings all times of the page up to date. */
export function tick() {
  const now = Date.now() + ahead;
  for (const element of document.querySelectorAll("[data-since]")) write(element, took(now - Date.parse(element.dataset.since)));
  for (const element of document.querySelectorAll("main time[title]")) write(element, ago(now - Date.parse(element.dateTime)));
}

tick();
setInterval(() => document.hidden || tick(), 1000);
document.addEventListener("visibilitychange", tick);
