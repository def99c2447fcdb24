// The page as a whole: its ways to ask, whose state is in the page's address, and what is sent when that is asked for.

import { ROOT, answer } from "./api.js";
import { ArgumentRows } from "./arguments.js";
import { keysIn, run, titleOf } from "./console.js";
import { $ } from "./dom.js";
import { makeEditor } from "./editor.js";
import { ArgumentForm, heading } from "./form.js";
import { keptList, scripts, sessions, when } from "./kept.js";
import { Picker, pathOf, pickOf } from "./picker.js";
import { fromFragment, toFragment, toRequest, withArguments } from "./request.js";
import { scriptToCurl, scriptToJavaScript, toCurl, toJavaScript } from "./snippets.js";
import { makeTabs, showTab } from "./tabs.js";
import { clear, say, show, showKept } from "./view.js";

const FIRST = "#method=POST&path=library/stats/R/rnorm&name=n&value=3&mode=pick";
const FIELDS = ["method", "path", "body", "json", "headers"];
const FRESH = "Cache-Control: no-cache";
const CODE = $("explorer").dataset.code === "true";

/** The newest call's. @type {AbortController | undefined} */
let running;
/** Which of the ways to ask is open: "pick", "hand", "console" or "history". */
let mode = "pick";
/** The call, as it was when it was looked at last. @type {import("./request.js").Call} */
let call = fromFragment(FIRST);

const rows = new ArgumentRows($("rows"), () => changed());
const form = new ArgumentForm($("formals"), () => changed());
const picker = new Picker($("picks"), (pick) => picked(pick));
const editor = makeEditor($("script"), $("numbers"));

/** @returns {import("./request.js").Call} what the open way to ask says */
function read() {
  if (mode === "hand") return { ...Object.fromEntries(FIELDS.map((id) => [id, $(id).value])), args: rows.read() };
  return mode === "pick" ? { ...call, args: form.read() } : call;
}

function fragment() {
  if (mode === "console") return `#${new URLSearchParams({ mode, script: $("script").value })}`;
  return mode === "hand" ? toFragment(read()) : `${toFragment(read())}&mode=${mode}`;
}

/** Opens what an address says; one of before there were several ways to ask is a request by hand. */
async function load(address) {
  const fields = new URLSearchParams(address.slice(1));
  const wanted = fields.get("mode");
  mode = ["pick", "console", "history"].includes(wanted) ? wanted : "hand";
  if (mode === "console") $("script").value = fields.get("script") ?? "";
  else call = fromFragment(address);
  if (mode === "pick" && !pickOf(call.path)) mode = "hand";
  await openMode();
}

async function openMode() {
  showTab($("modes"), mode);
  $("sending").hidden = $("snippets").hidden = mode === "history" || (mode === "console" && !CODE);
  $("send").textContent = mode === "console" ? "Run" : "Send";
  $("fresh").closest("label").hidden = mode === "console";
  $("fresh").checked = call.headers.split("\n").includes(FRESH);
  editor.count();
  if (mode === "hand") fillHand();
  refresh();
  if (mode === "pick") await showPick();
}

function fillHand() {
  for (const id of FIELDS) $(id).value = call[id];
  rows.fill(call.args.length ? call.args : [{}]);
  $("more").open = call.headers !== "";
}

async function showPick() {
  const mine = (call = withArguments(call));
  const pick = pickOf(call.path) ?? { library: "library", name: "" };
  form.clear();
  $("about").replaceChildren();
  $("pane-pick").classList.toggle("waiting", call.method === "POST" && Boolean(pick.object));
  const outline = await picker.show(pick);
  if (mine !== call) return;
  if (outline && pick.object) await showPicked(pick, outline, mine);
  $("pane-pick").classList.remove("waiting");
  if (mine === call) refresh();
}

async function showPicked(pick, outline, mine) {
  const kind = picker.kindOf(pick.object);
  if (!kind) {
    $("picked").textContent = `${pick.name} exports no “${pick.object}”.`;
    $("picked").className = "wrong";
  } else if (kind === "function") {
    mine.method = "POST";
    await showForm(pick, mine);
  } else {
    mine.method = "GET";
    $("about").replaceChildren(heading(pathOf({ ...pick, object: "" }), pick.name, describing(outline, kind, pick.object), false));
  }
}

const describing = (outline, kind, name) => (kind === "data" ? outline.data : outline.objects).find((each) => each.name === name);

async function showForm(pick, mine) {
  const about = await picker.functionOf(pick);
  if (mine !== call || !about) return;
  $("about").replaceChildren(heading(pathOf({ ...pick, object: "" }), pick.name, about, true));
  form.show(about, call.args);
}

/** @param {import("./picker.js").Pick} pick */
function picked(pick) {
  const same = pickOf(call.path)?.object === pick.object && pickOf(call.path)?.name === pick.name;
  const isRead = !pick.object || !["function", null].includes(picker.kindOf(pick.object));
  call = { ...call, method: isRead ? "GET" : "POST", path: pathOf(pick), body: "form", json: "", args: same ? form.read() : [] };
  remember();
  openMode();
}

/** Makes what is shown a place to come back to. */
function remember() {
  if (fragment() !== location.hash) history.pushState(null, "", fragment());
}

/** Shows what goes with the method and the body's type, and the call as code. */
function refresh() {
  if (mode === "hand") arrangeHand();
  for (const [id, make] of [["curl", mode === "console" ? scriptToCurl : toCurl], ["javascript", mode === "console" ? scriptToJavaScript : toJavaScript]]) {
    const script = $("script").value;
    try {
      $(id).textContent = mode === "console" ? make(script, keysIn(script), ROOT) : make(read(), ROOT);
    } catch (incomplete) {
      $(id).textContent = `${id === "curl" ? "#" : "//"} ${incomplete.message}`;
    }
  }
}

function arrangeHand() {
  const post = $("method").value === "POST";
  if (post && $("body").value === "form" && $("rows").querySelector("[data-part=file]")) $("body").value = "multipart";
  $("body").disabled = !post;
  $("arguments").hidden = post && $("body").value === "json";
  $("json-field").hidden = !$("arguments").hidden;
  $("hint").textContent = post
    ? "R code can be JSON, or the key of a session, too."
    : "They go into the query, as arguments of the R function that makes the format.";
}

function changed() {
  call = read();
  refresh();
  history.replaceState(null, "", fragment());
}

async function send() {
  running?.abort();
  const mine = (running = new AbortController());
  $("abort").disabled = false;
  say("Waiting for the answer …", "quiet");
  try {
    if (mode !== "console") call = read();
    const asked = mode === "console" ? () => runScript(mine.signal) : askFor(call, mine.signal);
    remember();
    const received = await timed(asked);
    note(received);
    if (running === mine) await show(received);
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

function askFor(wanted, signal) {
  const request = toRequest(wanted, ROOT);
  return async () => ({ request, response: await answer(request, signal) });
}

async function runScript(signal) {
  const script = $("script").value;
  if (!script.trim()) throw new Error("There is no script to run. Type one.");
  scripts.add(script, titleOf(script));
  return { ...(await run(script, signal)), script };
}

/** @returns {Promise<import("./view.js").Answer>} */
async function timed(asked) {
  const start = performance.now();
  const { request, response, script } = await asked();
  try {
    const blob = await response.blob();
    return { request, response, blob, milliseconds: performance.now() - start, root: ROOT, script };
  } catch (failure) {
    throw new Error(`The answer broke off. (${failure.message})`, { cause: failure });
  }
}

/** Remembers the session. */
function note({ request, response, script }) {
  const key = response.headers.get("X-ocpu-session");
  if (!key || request.method !== "POST") return;
  const path = decodeURIComponent(new URL(request.url).pathname.slice(ROOT.pathname.length));
  sessions.add(key, script === undefined ? path.replace(/^tmp\/x0[0-9a-f]+/, "tmp/…") : `Script: ${titleOf(script)}`);
}

/** Links to calls fill the form and send it. Opened in a tab of their own, as shared ones are, they wait to be sent. */
async function follow(event) {
  const link = event.target.closest('a[href^="#method="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await load(link.hash);
  if (link.dataset.file) rows.attach(new File([link.dataset.text], link.dataset.file));
  refresh();
  send();
}

async function openSession(key, title) {
  say("Looking at the session …", "quiet");
  try {
    const kept = sessions.all().find(({ id }) => id === key);
    await showKept(key, `${title} · ${kept ? when(kept.at) : ""}`);
  } catch (problem) {
    clear();
    say(problem.status === 404 ? "This session is there no more: it has expired, or was removed. It is forgotten." : problem.message, "bad");
    if (problem.status === 404) sessions.remove(key);
  }
}

function openScript(script) {
  $("script").value = script;
  editor.count();
  changed();
  $("script").focus();
}

/** The key of the answer's session, as one more argument of the function that is picked or of the request by hand. */
async function useKey() {
  const argument = { name: "", value: $("key").textContent, kind: "session" };
  if (mode !== "hand") {
    call = mode === "pick" ? read() : call;
    mode = "hand";
    await openMode();
  }
  rows.add(argument).focus();
  changed();
}

function selectTab(tab) {
  if (mode !== "console") call = read();
  mode = tab.dataset.mode;
  if (mode === "pick" && !pickOf(call.path)) call = fromFragment(FIRST);
  remember();
  openMode();
}

function askAnew() {
  const others = read().headers.split("\n").filter((line) => line !== FRESH && line.trim());
  const headers = [...others, ...($("fresh").checked ? [FRESH] : [])].join("\n");
  $("headers").value = headers;
  call = { ...call, headers };
}

function addByHand(argument) {
  rows.add(argument).focus();
  changed();
}

$("root").textContent = ROOT.pathname;
$("no-code").hidden = CODE;
$("editing").hidden = !CODE;
$("sessions").append(keptList(sessions, "No session was made yet.", openSession));
$("scripts").append(keptList(scripts, "No script ran yet.", openScript));
$("fresh").addEventListener("change", askAnew);
$("call").addEventListener("input", refresh);
$("call").addEventListener("change", ({ target }) => !target.closest("#picks") && changed());
$("call").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!$("sending").hidden) send();
});
$("call").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("call").requestSubmit();
});
$("abort").addEventListener("click", () => running?.abort());
$("add-value").addEventListener("click", () => addByHand({}));
$("add-file").addEventListener("click", () => addByHand({ file: null }));
$("use").addEventListener("click", useKey);
makeTabs($("modes"), selectTab);
document.addEventListener("click", follow);
window.addEventListener("popstate", () => {
  if (!location.hash || location.hash.includes("=")) load(location.hash || FIRST); // and not the link that skips to the content
});
load(location.hash || FIRST);
