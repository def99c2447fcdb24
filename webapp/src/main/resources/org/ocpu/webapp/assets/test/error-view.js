// What went wrong: R's message, the call that it is about, how it came there, and the line of a script.

import { button, element } from "./dom.js";
import { goTo } from "./editor.js";

/**
 * @param {string} text that the server answered with
 * @param {import("./view.js").Answer} answer
 * @returns {HTMLElement}
 */
export function errorView(text, { response, script }) {
  const { message, call, backtrace } = parsed(text, response);
  const view = element("div", { className: "failure" });
  if (response.status === 400) view.append(element("h3", { textContent: script === undefined ? "Error" : "Error in the script" }));
  view.append(element("pre", { className: "message", textContent: message }));
  const line = script === undefined ? null : lineOf(message);
  if (line && line <= script.split("\n").length) view.append(lineView(script, line));
  if (call && !line) view.append(element("h4", { textContent: "In call" }), element("pre", { textContent: call }));
  if (backtrace.length) view.append(element("h4", { textContent: "Backtrace" }), steps(backtrace));
  return view;
}

/** The parts of the error as the API writes them; of a JSON answer, its message has them. */
function parsed(text, response) {
  const isJson = /json/i.test(response.headers.get("Content-Type") ?? "");
  const [before, backtrace = ""] = messageOf(text, isJson).split("\n\nBacktrace:\n");
  const [message, call = ""] = before.split("\n\nIn call:\n");
  return { message: message.trim(), call, backtrace: backtrace.split("\n").filter(Boolean) };
}

function messageOf(text, isJson) {
  try {
    return isJson ? (JSON.parse(text).message ?? text) : text;
  } catch {
    return text;
  }
}

/** Numbered by the server; of a long one the middle is left out, so the numbers are kept. */
function steps(backtrace) {
  const list = element("ul", { className: "backtrace" });
  list.append(...backtrace.map((step) => element("li", {}, element("code", { textContent: step }))));
  return list;
}

/** What R's parser says of where it stopped: <text>:3:6. */
const lineOf = (message) => Number(message.match(/^<text>:(\d+):\d+:/)?.[1] ?? 0);

/** @param {string} script @param {number} line from 1 @returns {HTMLElement} */
export function lineView(script, line) {
  const text = script.split("\n")[line - 1];
  return element("p", { className: "at-line" }, button(`Line ${line}`, () => goTo(line), { className: "small" }), " ", element("code", { textContent: text }));
}
