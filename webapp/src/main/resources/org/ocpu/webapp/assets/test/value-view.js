// An R object of the API as a table, as JSON or as R prints it: whichever tells most is shown first.

import { limitedText } from "./api.js";
import { choice, element } from "./dom.js";
import { jsonTree } from "./json-tree.js";
import { isTable, table } from "./table.js";

/** What a browser lays out without a pause, in bytes. */
const MOST = 2_000_000;
const MOST_TEXT = 200_000;

/** @param {string} path of an object of the API, without a format @returns {Promise<HTMLElement>} */
export async function objectView(path) {
  const json = await jsonOf(`${path}/json?digits=10`);
  const views = { Print: () => printed(`${path}/print`), JSON: () => json.view() };
  if (json.isTable) views.Table = () => table(json.value);
  return valueView(views, json.isTable ? "Table" : "Print");
}

/** @param {string} text that is JSON @returns {HTMLElement} */
export function jsonView(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return textBlock(text, "Body"); // The server calls it JSON, but it is none: to be seen as it came.
  }
  const views = { Text: () => textBlock(indented(text, value), "Body"), JSON: () => jsonTree(value) };
  if (isTable(value)) views.Table = () => table(value);
  return valueView(views, isTable(value) ? "Table" : "Text");
}

/** What the server laid out itself stays as it is, numbers to the last digit. */
const indented = (text, value) => (text.trim().includes("\n") ? text : JSON.stringify(value, null, 2));

/** @param {string} text @param {string} label @returns {HTMLElement} */
export function textBlock(text, label) {
  const block = element("pre", { textContent: text.slice(0, MOST_TEXT), tabIndex: 0, role: "region", "aria-label": label });
  if (text.length <= MOST_TEXT) return block;
  return element("div", {}, block, element("p", { className: "quiet", textContent: "This is its beginning. Download it for all." }));
}

/** @param {string} path @returns {Promise<HTMLElement>} the text that is there */
export async function printed(path, label = "Printed") {
  const { text, whole } = await limitedText(path, MOST_TEXT);
  return textBlock(whole ? text : text.padEnd(MOST_TEXT + 1), label);
}

/** Not every object can be JSON, and a browser shows no more of it than it can. */
async function jsonOf(path) {
  try {
    const { text, whole } = await limitedText(path, MOST);
    if (!whole) return saying("As JSON it is too large to be shown. Download it.");
    const value = JSON.parse(text);
    return { value, isTable: isTable(value), view: () => jsonTree(value) };
  } catch (problem) {
    return saying(`R cannot make JSON of it: ${problem.message.split("\n")[0]}`);
  }
}

const saying = (words) => ({ isTable: false, view: () => element("p", { className: "quiet", textContent: words }) });

function valueView(views, first) {
  const shown = element("div", { className: "shown" });
  const order = ["Table", "Print", "Text", "JSON"].filter((name) => name in views);
  const names = choice("Show as", order, async (name) => {
    try {
      shown.replaceChildren(await views[name]());
    } catch (problem) {
      shown.replaceChildren(element("p", { className: "wrong", textContent: problem.message }));
    }
  });
  names.choose(first);
  return element("div", { className: "value" }, names, shown);
}
