// The columns of a table from the JSON of an R value, with the way each is shown and sorted.

/** Significant digits, as R prints. */
const DIGITS = 7;

/** What jsonlite writes for numbers that JSON does not have. */
const NOT_FINITE = new Set(["NA", "NaN", "Inf", "-Inf"]);

const words = new Intl.Collator(undefined, { numeric: true });

/**
 * Of a data frame by columns or rows, a matrix or a vector; row names come first.
 * @returns {{ name: string, cells: unknown[], numeric: boolean, rowName: boolean }[]} a cell that is null is NA
 */
export function columnsOf(data) {
  const entries = Object.entries(byName(data));
  const rows = entries[0][1].length;
  if (entries.some(([, cells]) => !Array.isArray(cells) || cells.length !== rows)) throw notATable();
  const names = entries.filter(([name]) => name === "_row").map(([, cells]) => column("", cells, true));
  return [...names, ...entries.filter(([name]) => name !== "_row").map(([name, cells]) => column(name, cells, false))];
}

function byName(data) {
  if (!Array.isArray(data)) {
    if (data && typeof data === "object" && Object.keys(data).length) return data; // of NULL there is nothing
    throw notATable();
  }
  if (data.length && data.every(Array.isArray)) {
    return Object.fromEntries(data[0].map((_, index) => [`V${index + 1}`, data.map((row) => row[index] ?? null)]));
  }
  if (data.length && data.every((row) => row && typeof row === "object")) {
    const names = [...new Set(data.flatMap(Object.keys))];
    return Object.fromEntries(names.map((name) => [name, data.map((row) => row[name] ?? null)]));
  }
  return { value: data };
}

function notATable() {
  return new TypeError("The value is not a table: a data frame, a matrix or a vector can be shown as one.");
}

function column(name, raw, rowName) {
  const isNumber = (cell) => typeof cell === "number" || NOT_FINITE.has(cell) || cell === null || cell === undefined;
  const numeric = !rowName && raw.every(isNumber) && raw.some((cell) => cell !== null && cell !== undefined);
  const cells = raw.map((cell) => (cell === undefined || (numeric && cell === "NA") ? null : numeric ? number(cell) : cell));
  const show = numeric ? numbers(cells) : text;
  const compare = numeric ? (a, b) => (a > b) - (a < b) : (a, b) => words.compare(text(a), text(b));
  return { name, cells, numeric, rowName, show, compare };
}

function number(cell) {
  return typeof cell === "string" ? Number(cell.replace("Inf", "Infinity")) : cell;
}

/** A way to show the numbers of a column with as many decimals each as the column needs. */
function numbers(cells) {
  const finite = cells.filter(Number.isFinite);
  const needed = (value) => (String(Number(value.toPrecision(DIGITS))).split(".")[1] ?? "").length;
  const scientific = finite.some((value) => value !== 0 && (Math.abs(value) >= 1e15 || Math.abs(value) < 1e-5));
  const decimals = scientific ? 0 : finite.reduce((most, value) => Math.max(most, needed(value)), 0);
  return (value) => {
    if (!Number.isFinite(value)) return String(value).replace("Infinity", "Inf");
    return scientific ? String(Number(value.toPrecision(DIGITS))) : value.toFixed(decimals);
  };
}

/** Booleans as R writes them; what has parts as JSON. */
function text(value) {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value && typeof value === "object" ? JSON.stringify(value) : String(value);
}
