// The page's form: from and to a call, kept in the page's address, sent when asked to.

import { fromFragment, toCurl, toFragment, toRequest } from "./request.js";
import { clear, say, show } from "./view.js";

const ROOT = new URL("../", location.href);
const FIRST = "#method=POST&path=library/stats/R/rnorm&name=n&value=3";
const FIELDS = ["method", "path", "body", "json", "headers"];
const $ = (id) => document.getElementById(id);
const part = (row, name) => row.querySelector(`[data-part="${name}"]`);

/** The newest call's. @type {AbortController | undefined} */
let running;

/** @returns {import("./request.js").Call} */
function read() {
  const fields = Object.fromEntries(FIELDS.map((id) => [id, $(id).value]));
  return { ...fields, args: [...$("rows").children].map(readRow) };
}

function readRow(row) {
  const name = part(row, "name").value;
  const file = part(row, "file");
  return file ? { name, file: file.files[0] ?? null } : { name, value: part(row, "value").value };
}

const load = () => fill(fromFragment(location.hash || FIRST));

/** @param {import("./request.js").Call} call */
function fill(call) {
  for (const id of FIELDS) $(id).value = call[id];
  $("rows").replaceChildren();
  (call.args.length ? call.args : [{}]).forEach(addRow);
  $("more").open = call.headers !== "";
  refresh();
}

/** @param {Partial<import("./request.js").Argument>} arg @returns {HTMLElement} */
function addRow({ name = "", value = "", file }) {
  const template = file === undefined ? $("value-row") : $("file-row");
  const row = $("rows").appendChild(template.content.firstElementChild.cloneNode(true));
  part(row, "name").value = name;
  if (file === undefined) part(row, "value").value = value;
  part(row, "remove").addEventListener("click", () => removeRow(row));
  return row;
}

function removeRow(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next ? part(next, "name") : $("add-value")).focus();
  changed();
}

function addByHand(arg) {
  part(addRow(arg), "name").focus();
  changed();
}

/** Shows what goes with the method and the body's type, and the curl line. */
function refresh() {
  const post = $("method").value === "POST";
  if (post && $("body").value === "form" && part($("rows"), "file")) $("body").value = "multipart";
  $("body").disabled = !post;
  $("arguments").hidden = post && $("body").value === "json";
  $("json-field").hidden = !$("arguments").hidden;
  $("hint").textContent = post
    ? "Each value is R code, JSON or the key of a session."
    : "They go into the query, as arguments of the R function that makes the format.";
  try {
    $("curl").textContent = toCurl(read(), ROOT);
  } catch (incomplete) {
    $("curl").textContent = `# ${incomplete.message}`;
  }
}

function changed() {
  refresh();
  history.replaceState(null, "", toFragment(read()));
}

async function send() {
  running?.abort();
  const mine = (running = new AbortController());
  $("abort").disabled = false;
  say("Waiting for the answer …", "quiet");
  try {
    const request = toRequest(read(), ROOT);
    if (toFragment(read()) !== location.hash) history.pushState(null, "", toFragment(read()));
    const answer = await answerTo(request, mine.signal);
    if (running === mine) await show(answer);
  } catch (error) {
    if (running !== mine) return;
    clear();
    say(error.message, "bad");
  } finally {
    if (running === mine) $("abort").disabled = true;
  }
  const { top, bottom } = $("status").getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) $("answer").scrollIntoView();
}

/** @param {Request} request @param {AbortSignal} signal @returns {Promise<import("./view.js").Answer>} */
async function answerTo(request, signal) {
  const start = performance.now();
  try {
    const response = await fetch(request, { signal });
    const blob = await response.blob();
    return { request, response, blob, milliseconds: performance.now() - start, root: ROOT };
  } catch (failure) {
    const aborted = "Aborted. The server may still finish the call.";
    throw new Error(signal.aborted ? aborted : `No answer. Is the server running? (${failure.message})`, { cause: failure });
  }
}

/** Links to calls fill the form and send it. Opened in a tab of their own, as shared ones are, they wait to be sent. */
function follow(event) {
  const link = event.target.closest('a[href^="#method="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  fill(fromFragment(link.hash));
  if (link.dataset.file) attach(new File([link.dataset.text], link.dataset.file));
  send();
}

/** Puts a file where a person would choose one. */
function attach(file) {
  const chosen = new DataTransfer();
  chosen.items.add(file);
  part($("rows"), "file").files = chosen.files;
  refresh();
}

async function copy() {
  getSelection().selectAllChildren($("curl"));
  // Pages have the clipboard over https and on localhost only; elsewhere the line is selected and waits for Ctrl+C.
  await navigator.clipboard?.writeText($("curl").textContent);
}

$("root").textContent = ROOT.pathname;
$("call").addEventListener("input", refresh);
$("call").addEventListener("change", changed);
$("call").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("call").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("call").requestSubmit();
});
$("abort").addEventListener("click", () => running?.abort());
$("add-value").addEventListener("click", () => addByHand({}));
$("add-file").addEventListener("click", () => addByHand({ file: null }));
$("use").addEventListener("click", () => addByHand({ value: $("key").textContent }));
$("copy").addEventListener("click", copy);
document.addEventListener("click", follow);
window.addEventListener("hashchange", load);
load();
