// Elements and words that scripts of pages make. What is put in is text, never HTML.

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | Function>} properties attributes; functions are listeners, false leaves one out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

/** @param {number} bytes as the server writes them */
export function size(bytes) {
  let unit = 0;
  for (; bytes >= 1023.95 && unit < UNITS.length - 1; unit++) bytes /= 1024;
  return `${Number(bytes.toFixed(bytes < 10 ? 1 : 0))} ${UNITS[unit]}`;
}

/** @param {number} many @param {string} one its name, of which the plural has an s */
export function count(many, one) {
  return `${many} ${one}${many === 1 ? "" : "s"}`;
}

/** @param {number} seconds how long something is or takes, in its two largest units at most */
export function span(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const [large, small, many] = seconds < 86400 ? ["h", "min", 60] : ["d", "h", 24];
  const all = Math.floor(seconds / (seconds < 86400 ? 60 : 3600));
  return `${Math.floor(all / many)} ${large}${all % many ? ` ${all % many} ${small}` : ""}`;
}

/** @param {Date} date the time of day, with the day when it is not today */
export function clock(date) {
  const time = date.toLocaleTimeString(undefined, { hour12: false });
  const today = date.toDateString() === new Date().toDateString();
  return today ? time : `${date.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${time}`;
}

/** @param {string} iso a time as the API tells it @returns {HTMLElement} it, and how far away it is */
export function when(iso) {
  const date = new Date(iso);
  const seconds = (Date.now() - date) / 1000;
  const away = seconds >= 0 ? `${span(seconds)} ago` : `in ${span(-seconds)}`;
  return el("time", { datetime: iso, title: clock(date) }, away);
}

/** @param {string} state as the style sheet knows it */
export function badge(state) {
  return el("span", { class: "state", "data-state": state }, state);
}

/**
 * A table that is a list of cards where it does not fit.
 *
 * @param {string} label what it is of
 * @param {string[]} heads
 * @param {(Node | string)[][]} rows a cell each; what is an array is several things in one
 */
export function table(label, heads, rows) {
  const cell = (content, i) => el("td", { "data-head": heads[i] }, el("div", {}, ...[content].flat()));
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    el(
      "table",
      { class: "records" },
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(cell)))),
    ),
  );
}

/** @param {string} words what there is to say where there is nothing to show */
export function empty(words) {
  return el("p", { class: "empty" }, words);
}

/** @param {string} words @param {() => void} action */
export function button(words, action, properties = {}) {
  return el("button", { type: "button", click: action, ...properties }, words);
}
