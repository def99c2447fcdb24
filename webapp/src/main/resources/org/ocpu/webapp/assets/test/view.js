// Shows an answer: its status, its headers, the session that it made, and its body as what it is.

import { meaning } from "./api.js";
import { consolePieces, lastLine } from "./console-view.js";
import { $, element, size } from "./dom.js";
import { errorView, lineView } from "./error-view.js";
import { linkTo } from "./request.js";
import { sessionTree } from "./session-tree.js";
import { jsonView, textBlock } from "./value-view.js";

const CACHE = {
  HIT: "answered from the server's cache: the same was asked before",
  MISS: "made for this request; the server keeps it for who asks the same",
  BYPASS: "made anew, as Cache-Control: no-cache asks",
};

/**
 * @typedef {object} Answer
 * @property {Request} request
 * @property {Response} response whose body has been read
 * @property {Blob} blob the body
 * @property {number} milliseconds until its last byte
 * @property {URL} root address of the API
 * @property {string} [script] that was run
 */

/** @param {string} text how it stands @param {"quiet" | "good" | "bad"} tone quiet while an answer is awaited */
export function say(text, tone) {
  $("status").textContent = text;
  $("status").dataset.tone = tone;
  $("answer").ariaBusy = tone === "quiet";
}

/** Takes the last answer away. */
export function clear() {
  for (const id of ["session", "asked", "cached", "meaning", "answer-headers"]) $(id).hidden = true;
  for (const kept of $("result").querySelectorAll("img[src^='blob:'], a[href^='blob:']")) URL.revokeObjectURL(kept.src ?? kept.href);
  $("result").replaceChildren();
}

/** @param {Answer} answer */
export async function show(answer) {
  const { request, response, blob, milliseconds } = answer;
  const key = response.headers.get("X-ocpu-session");
  const body = await bodyOf(answer, key);
  const tree = key ? await treeOf(key, answer, body.length > 0) : [];
  const where = `${request.method} ${response.redirected ? "→ " : ""}${new URL(response.url).pathname}`;
  clear();
  say(`${response.status} ${response.statusText}`, response.ok ? "good" : "bad");
  line("asked", `${where} · ${Math.round(milliseconds)} ms · ${size(blob.size)}`);
  const cache = response.headers.get("X-ocpu-cache");
  line("cached", CACHE[cache] ? `Cache ${cache}: ${CACHE[cache]}.` : "");
  line("meaning", response.ok && response.status !== 202 ? "" : meaning(response));
  $("result").append(...body, ...tree);
  const field = ([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })];
  $("fields").replaceChildren(...[...response.headers].flatMap(field));
  $("answer-headers").hidden = false;
  showSession(key);
}

function line(id, text) {
  $(id).textContent = text;
  $(id).hidden = !text;
}

/** @param {string | null} key */
function showSession(key) {
  $("session").hidden = !key;
  $("key").textContent = key ?? "";
}

/** Shows a session that was made before. @param {string} key @returns {Promise<void>} @throws {import("./api.js").ApiError} */
export async function showKept(key, made) {
  const tree = await sessionTree(key);
  clear();
  say("Session", "good");
  line("asked", made);
  $("result").append(tree);
  showSession(key);
}

/** Only of what made it; and what the answer shows already is not opened. */
async function treeOf(key, { request, response, script }, isShown) {
  if (request.method !== "POST") return [];
  try {
    const console = script !== undefined || !response.ok;
    return [await sessionTree(key, { first: console ? "console" : isShown ? "" : "value" })];
  } catch (problem) {
    return [element("p", { className: "wrong", textContent: `The session cannot be read: ${problem.message}` })];
  }
}

/** @param {Answer} answer @param {string | null} key @returns {Promise<Node[]>} */
async function bodyOf(answer, key) {
  const { response, blob } = answer;
  if (!blob.size) return [element("p", { textContent: "The answer has no body.", className: "quiet" })];
  if (!response.ok) return [await failure(answer, key)];
  const type = response.headers.get("Content-Type") ?? "";
  if (key && type.startsWith("text/plain") && listed(await blob.text(), answer).length) return []; // its tree has it
  const view = Object.entries({ "^image/": picture, "^text/html": page, "^text/|json|xml|javascript|yaml": text })
    .find(([pattern]) => new RegExp(pattern, "i").test(type))?.[1];
  return view ? [await view(answer), download(answer)] : [download(answer)];
}

/** A script that could not be parsed says itself where; of one that failed, the session knows. */
async function failure(answer, key) {
  const view = errorView(await answer.blob.text(), answer);
  if (key && answer.script !== undefined && !view.querySelector(".at-line")) {
    view.querySelector(".message").after(lineView(answer.script, lastLine(await consolePieces(`tmp/${key}`))));
  }
  return view;
}

async function picture({ blob }) {
  const image = element("img", { alt: "The picture that the server answered with", src: URL.createObjectURL(blob), className: "picture" });
  // Its size is known before it is shown, so that nothing moves. One that cannot be decoded is shown as broken.
  await image.decode().catch(() => {});
  return image;
}

/** A page read with GET keeps its address, so that its style sheets and links work; no scripts run in either case. */
async function page({ request, response, blob }) {
  const frame = element("iframe", { title: "The page that the server answered with", sandbox: "" });
  if (request.method === "GET") frame.src = response.url;
  else frame.srcdoc = await blob.text();
  return frame;
}

async function text(answer) {
  const body = await answer.blob.text();
  const paths = listed(body, answer);
  if (paths.length) return pathList(paths);
  return /json/i.test(answer.response.headers.get("Content-Type")) ? jsonView(body) : textBlock(body, "Body");
}

/** @returns {{label: string, path: string}[]} what each line leads to, if the answer is a list of resources */
function listed(body, { response, root }) {
  const rows = body.split("\n").filter(Boolean);
  const made = rows.map((label) => ({ label, path: label.match(/^\/(?:.*?\/)?(tmp\/x0[0-9a-f]+\/.*)$/)?.[1] }));
  if (made.every(({ path }) => path)) return made;
  if (!new URL(response.url).pathname.endsWith("/")) return [];
  const directory = decodeURIComponent(new URL(response.url).pathname.slice(root.pathname.length));
  return rows.map((label) => ({ label, path: directory + label }));
}

function pathList(paths) {
  const items = paths.map(({ label, path }) => element("li", {}, element("a", { textContent: label, href: linkTo(path) })));
  return element("ul", { className: "paths" }, ...items);
}

function download({ response, blob }) {
  const named = response.headers.get("Content-Disposition")?.match(/filename="?([^";]+)/)?.[1];
  const fileName = named ?? new URL(response.url).pathname.split("/").filter(Boolean).slice(-2).join(".");
  return element("a", { textContent: "Download", className: "download", href: URL.createObjectURL(blob), download: fileName });
}
