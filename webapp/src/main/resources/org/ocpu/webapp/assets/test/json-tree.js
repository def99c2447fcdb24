// JSON as a tree whose branches open; what is in one is made when it is opened.

import { button, element } from "./dom.js";

const FIRST = 100;

/** @param {unknown} value @returns {HTMLElement} */
export function jsonTree(value) {
  const tree = element("div", { className: "json-tree" }, branch("", value));
  const top = tree.querySelector("details");
  if (top) top.open = true;
  return tree;
}

function branch(name, value) {
  const label = name === "" ? [] : [element("span", { className: "json-name", textContent: name }), ": "];
  if (value === null || typeof value !== "object") {
    return element("div", { className: "json-leaf" }, ...label, leaf(value));
  }
  const entries = Object.entries(value);
  const many = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  if (!entries.length) return element("div", { className: "json-leaf" }, ...label, Array.isArray(value) ? "[]" : "{}");
  const summary = element("summary", {}, ...label, element("span", { className: "quiet", textContent: `${many} ${glimpse(value)}` }));
  const folded = element("details", {}, summary);
  folded.addEventListener("toggle", () => folded.append(...more(entries)), { once: true });
  return folded;
}

function more(entries) {
  const shown = entries.slice(0, FIRST).map(([name, value]) => branch(name, value));
  const rest = entries.slice(FIRST);
  if (!rest.length) return shown;
  const next = button(`${rest.length.toLocaleString("en")} more`, () => next.replaceWith(...more(rest)), { className: "small" });
  return [...shown, next];
}

function leaf(value) {
  return element("span", { className: `json-${value === null ? "null" : typeof value}`, textContent: JSON.stringify(value) });
}

function glimpse(value) {
  const inner = Object.values(value).every((each) => each === null || typeof each !== "object");
  const text = inner ? JSON.stringify(value) : "";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
