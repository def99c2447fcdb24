// Calls that take sessions as arguments: what was uploaded and fitted stays on the server, and only what is shown comes back.

import { ocpu } from "../../../../ocpu.mjs";

const { call } = ocpu("../R");
const $ = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");

let data = null; // the session whose value is the table
let newest = null; // what the page is about; whatever comes late for something else is dropped

/** Runs a step; only the newest one may show what came of it. */
async function step(problem, action) {
  newest?.abort();
  const { signal } = (newest = new AbortController());
  problem.textContent = "";
  try {
    await action(signal);
  } catch (error) {
    if (!signal.aborted) problem.textContent = error.message;
  }
}

function open(name, fun, args) {
  return step($("error"), async (signal) => {
    $("status").textContent = `Reading ${name} ...`;
    try {
      data = await call(fun, args, { signal });
      const described = await call("describe", { data }, { signal });
      const columns = await described.value(undefined, { signal });
      $("results").hidden = false;
      $("table").setAttribute("caption", name);
      $("table").session = data;
      $("columns").session = described;
      $("status").textContent = `${name} has ${columns.length} columns.`;
      await choose(columns.filter(({ type }) => type === "number").map(({ column }) => column), signal);
    } finally {
      if (signal.aborted || $("status").textContent.endsWith("...")) $("status").textContent = "";
    }
  });
}

/** Lets two of the columns of numbers be chosen; the first and the last are to begin with. */
async function choose(names, signal) {
  $("line").hidden = names.length < 2;
  $("y").replaceChildren(...names.map((name) => new Option(name)));
  $("x").replaceChildren(...names.map((name, i) => new Option(name, name, false, i === names.length - 1)));
  if (names.includes("Temp")) $("x").value = "Temp";
  if (names.length >= 2) await fit(signal);
}

async function fit(signal) {
  const [y, x] = [$("y").value, $("x").value];
  const line = await call("fit_line", { data, y, x }, { signal });
  $("plot").alt = `${y} by ${x}, with a line`;
  Object.assign($("plot"), { fun: "draw_line", args: { line, dark: dark.matches } });
  Object.assign($("estimates"), { fun: "estimates", args: { line } });
}

const refit = () => step($("line-error"), fit);
$("y").addEventListener("change", refit);
$("x").addEventListener("change", refit);
dark.addEventListener("change", () => data && refit());

$("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  if (file) open(file.name, "read_table", { file });
});
$("example").addEventListener("click", () => open("New York's air in 1973", "example_table"));

addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  if (file) open(file.name, "read_table", { file });
});
