// A data frame, as the API's JSON has it, as a table: sorted by its columns, a page at a time.

import { button, element } from "./dom.js";

const PAGE = 25;
const ROW_NAME = "_row";
const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isNumber = (value) => typeof value === "number";

/** @param {unknown} value @returns {boolean} whether it is records, as jsonlite makes them of a data frame */
export function isTable(value) {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

/** @param {object[]} records @returns {HTMLElement} */
export function table(records) {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = [...names.filter((name) => name === ROW_NAME), ...names.filter((name) => name !== ROW_NAME)];
  const rows = [...records];
  const body = element("tbody");
  const where = element("span", { className: "quiet", role: "status" });
  let first = 0;
  const show = () => {
    body.replaceChildren(...rows.slice(first, first + PAGE).map((row) => tableRow(row, columns)));
    const last = Math.min(first + PAGE, rows.length);
    where.textContent = `Rows ${(first + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    before.disabled = first === 0;
    after.disabled = last === rows.length;
  };
  const turn = (by) => {
    first += by;
    show();
  };
  const before = button("Previous", () => turn(-PAGE));
  const after = button("Next", () => turn(PAGE));
  const sorted = (compare) => {
    rows.sort(compare);
    first = 0;
    show();
  };
  const head = element("thead", {}, headings(columns, rows, sorted));
  const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Table" });
  scroll.append(element("table", {}, head, body));
  show();
  return element("div", { className: "records" }, scroll, element("div", { className: "buttons" }, before, after, where));
}

function tableRow(record, columns) {
  return element("tr", {}, ...columns.map((name) => cell(name, record[name])));
}

function cell(name, value) {
  if (name === ROW_NAME) return element("th", { scope: "row", textContent: value });
  const text = value === undefined || value === null ? "NA" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return element("td", { textContent: text, className: isNumber(value) ? "number" : value === undefined || value === null ? "quiet" : "" });
}

/** A button each: ascending, then descending. */
function headings(columns, rows, sorted) {
  const row = element("tr");
  for (const name of columns) {
    const heading = element("th", { scope: "col", className: rows.some((record) => isNumber(record[name])) ? "number" : "" });
    heading.append(button(name === ROW_NAME ? "row" : name, () => {
      const falls = heading.ariaSort === "ascending";
      for (const other of row.children) other.ariaSort = null;
      heading.ariaSort = falls ? "descending" : "ascending";
      sorted((a, b) => (falls ? -1 : 1) * compared(a[name], b[name], falls));
    }));
    row.append(heading);
  }
  return row;
}

/** What is missing comes last either way. */
function compared(a, b, falls) {
  const missing = (value) => value === undefined || value === null;
  if (missing(a) || missing(b)) return (falls ? -1 : 1) * (Number(missing(a)) - Number(missing(b)));
  return isNumber(a) && isNumber(b) ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}
