// <ocpu-table>: a data frame with its rows in pages, sorted by any column.

import { OcpuElement, define, make, sheet } from "./element.js";
import { RObject } from "./session.js";
import { absolute } from "./api.js";
import { columnsOf } from "./columns.js";

const TABLE_CSS = `
  :host { --line: var(--ocpu-line, color-mix(in srgb, currentColor 20%, transparent)); }
  .scroll { position: relative; overflow: auto; max-width: 100%; border: 1px solid var(--line); border-radius: var(--ocpu-radius, 0.5rem); }
  table { width: 100%; border-collapse: collapse; font-size: 0.925rem; font-variant-numeric: tabular-nums; }
  caption { padding: 0.6rem 0.75rem 0.3rem; text-align: start; font-weight: 600; }
  caption:empty { display: none; }
  th, td { padding: 0.4rem 0.75rem; border-block-end: 1px solid var(--line); text-align: start; vertical-align: top; }
  tbody tr:last-child > * { border-block-end: 0; }
  thead th { padding: 0; white-space: nowrap; background: color-mix(in srgb, currentColor 6%, transparent); }
  th[scope="row"] { font-weight: 600; white-space: nowrap; }
  .number { text-align: end; white-space: nowrap; }
  td.long { min-width: 14rem; }
  thead button { width: 100%; padding: 0.45rem 0.75rem; border: 0; background: none; color: inherit; font: inherit; font-weight: 600; text-align: inherit; cursor: pointer; }
  thead button:focus-visible { outline-offset: -3px; }
  .arrow { display: inline-block; width: 1em; text-align: center; }
  thead button:is(:hover, :focus-visible) .arrow:empty::before { content: "↕"; opacity: 0.6; }
  .na { font-style: italic; opacity: 0.75; }
  tbody tr:hover { background: color-mix(in srgb, currentColor 4%, transparent); }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-block-start: 0.5rem; font-size: 0.875rem; }
  .bar p { margin: 0; margin-inline-end: auto; }
  .bar button { padding: 0.3rem 0.75rem; border: 1px solid var(--line); border-radius: var(--ocpu-radius, 0.5rem); background: none; color: inherit; font: inherit; cursor: pointer; }
  .bar button:disabled { opacity: 0.5; cursor: default; }
  .bar a { display: inline-grid; place-items: center; }
  .error { margin-block-start: 0.5rem; }
  .stale { opacity: 0.35; }
  @media print { .bar button, .bar a { display: none; } .scroll { overflow: visible; } }
`;

const ROWS = 20;

let tableSheet;

export class OcpuTable extends OcpuElement {
  static observedAttributes = [...OcpuElement.observedAttributes, "object", "caption", "page-size"];

  #scroll = make("div", { class: "scroll", part: "frame", role: "region", tabindex: "0", hidden: "" });
  #bar = make("div", { class: "bar", part: "bar", hidden: "" });
  #status = make("p", { role: "status", part: "status" });
  #previous = make("button", { type: "button", part: "button" }, "Previous");
  #next = make("button", { type: "button", part: "button" }, "Next");
  #csv = make("a", { part: "download", target: "_blank", rel: "noopener" }, "CSV");
  #rows = null;
  #columns = [];
  #order = [];
  #sorted = { index: -1, direction: 1 };
  #first = 0;

  constructor() {
    super((tableSheet ??= sheet(TABLE_CSS)));
    this.shadowRoot.append(this.#scroll, this.#bar, this.problem);
    this.#bar.append(this.#status, this.#previous, this.#next, this.#csv);
    this.#previous.addEventListener("click", () => this.#turn(-1));
    this.#next.addEventListener("click", () => this.#turn(1));
  }

  connectedCallback() {
    this.upgrade("rows");
    super.connectedCallback();
  }

  attributeChangedCallback(name, before, after) {
    if (name === "caption" || name === "page-size") {
      this.#first = 0;
      if (this.#columns.length) this.#render();
    } else super.attributeChangedCallback(name, before, after);
  }

  /** Rows to show that the page has: objects, or an object of columns; null for those of a call, session or data set. */
  get rows() {
    return this.#rows;
  }

  set rows(value) {
    this.#rows = value ?? null;
    this.want();
  }

  get #size() {
    const asked = Number(this.getAttribute("page-size"));
    return asked >= 1 ? Math.floor(asked) : ROWS;
  }

  async load(options) {
    const source = this.#rows ? null : await this.#source(options);
    if (source === undefined) return undefined;
    const data = this.#rows ?? (await source.object.json({ dataframe: "columns", matrix: "rowmajor", digits: "NA" }, options));
    options.signal.throwIfAborted();
    this.#columns = columnsOf(data);
    this.#sorted = { index: -1, direction: 1 };
    this.#first = 0;
    this.#csv.hidden = !source;
    if (source) this.#csv.href = source.object.address("csv");
    this.#arrange();
    this.#render();
    return { session: source?.session ?? null, rows: this.#order.length };
  }

  /** What to read: an object of a session, or a data set at the address that src is. */
  async #source(options) {
    const session = await this.called(options);
    if (session) return { session, object: session.object(this.getAttribute("object") ?? ".val") };
    if (!this.hasAttribute("src")) return undefined;
    const url = absolute(this.src).href.replace(/[?#].*|\/*$/g, "").replace(/\/json$/, "");
    return { session: null, object: new RObject(url, url.split("/").at(-1), {}) };
  }

  #arrange() {
    const { index, direction } = this.#sorted;
    this.#order = this.#columns.length ? this.#columns[0].cells.map((_, row) => row) : [];
    if (index < 0) return;
    const { cells, compare } = this.#columns[index];
    const missing = (row) => cells[row] === null;
    this.#order.sort((a, b) => missing(a) - missing(b) || (missing(a) ? 0 : direction * compare(cells[a], cells[b])));
  }

  /** Upwards, downwards, and as it came. */
  #sort(index) {
    const { index: before, direction } = this.#sorted;
    if (index !== before) this.#sorted = { index, direction: 1 };
    else this.#sorted = direction > 0 ? { index, direction: -1 } : { index: -1, direction: 1 };
    this.#first = 0;
    this.#arrange();
    this.#render();
    this.#scroll.querySelectorAll("thead button")[index].focus();
  }

  #turn(pages) {
    this.#first = Math.max(0, Math.min(this.#first + pages * this.#size, this.#order.length - 1));
    this.#render();
    this.#scroll.scrollTop = 0;
  }

  #render() {
    const caption = this.getAttribute("caption") ?? "";
    const shown = this.#order.slice(this.#first, this.#first + this.#size);
    const head = make("tr", {}, ...this.#columns.map((column, index) => this.#header(column, index)));
    const body = shown.map((row) => make("tr", {}, ...this.#columns.map((column) => cell(column, row))));
    this.#scroll.replaceChildren(
      make("table", { part: "table" }, make("caption", { part: "caption" }, caption), make("thead", {}, head), make("tbody", {}, ...body)),
    );
    this.#scroll.classList.remove("stale");
    this.#scroll.setAttribute("aria-label", caption || "Table");
    this.#scroll.hidden = this.#bar.hidden = false;
    const total = this.#order.length;
    const paged = total > this.#size;
    const counted = `${total} ${total === 1 ? "row" : "rows"}`;
    this.#status.textContent = paged ? `Rows ${this.#first + 1} to ${this.#first + shown.length} of ${total}` : counted;
    this.#previous.hidden = this.#next.hidden = !paged;
    this.#previous.disabled = this.#first === 0;
    this.#next.disabled = this.#first + this.#size >= total;
  }

  #header({ name, numeric }, index) {
    const direction = this.#sorted.index === index ? this.#sorted.direction : 0;
    const arrow = make("span", { class: "arrow", "aria-hidden": "true" }, direction > 0 ? "▲" : direction < 0 ? "▼" : "");
    const button = make("button", { type: "button", part: "sort" }, ...(numeric ? [arrow, name] : [name, arrow]));
    if (!name) button.setAttribute("aria-label", "Row name");
    button.addEventListener("click", () => this.#sort(index));
    const attributes = { scope: "col", part: "header", "aria-sort": ["descending", "none", "ascending"][direction + 1] };
    return make("th", numeric ? { ...attributes, class: "number" } : attributes, button);
  }

  fail(error) {
    this.#scroll.classList.add("stale");
    super.fail(error);
  }
}

function cell({ cells, numeric, rowName, show }, row) {
  const value = cells[row];
  if (rowName) return make("th", { scope: "row", part: "cell" }, show(value));
  if (value === null) return make("td", { class: numeric ? "number" : "", part: "cell" }, make("span", { class: "na", part: "na" }, "NA"));
  const text = show(value);
  return make("td", { class: numeric ? "number" : text.length > 60 ? "long" : "", part: "cell" }, text);
}

define("ocpu-table", OcpuTable);
