// Shows an answer: its status, its headers, and its body as what it is.

import { linkTo } from "./request.js";

const $ = (id) => document.getElementById(id);

/**
 * @typedef {object} Answer
 * @property {Request} request
 * @property {Response} response whose body has been read
 * @property {Blob} blob the body
 * @property {number} milliseconds until its last byte
 * @property {URL} root address of the API
 */

/** @param {string} text how it stands @param {"quiet" | "good" | "bad"} tone quiet while an answer is awaited */
export function say(text, tone) {
  $("status").textContent = text;
  $("status").dataset.tone = tone;
  $("answer").ariaBusy = tone === "quiet";
}

/** Takes the last answer away. */
export function clear() {
  for (const id of ["session", "asked", "answer-headers"]) $(id).hidden = true;
  for (const kept of $("result").querySelectorAll("img, a[download]")) URL.revokeObjectURL(kept.src ?? kept.href);
  $("result").replaceChildren();
}

/** @param {Answer} answer */
export async function show(answer) {
  const { request, response, blob, milliseconds } = answer;
  const body = await bodyOf(answer);
  const where = `${request.method} ${response.redirected ? "→ " : ""}${new URL(response.url).pathname}`;
  clear();
  say(`${response.status} ${response.statusText}`, response.ok ? "good" : "bad");
  $("asked").textContent = `${where} · ${Math.round(milliseconds)} ms · ${blob.size.toLocaleString("en")} bytes`;
  $("result").append(...body);
  const field = ([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })];
  $("fields").replaceChildren(...[...response.headers].flatMap(field));
  $("asked").hidden = $("answer-headers").hidden = false;
  showSession(response.headers.get("X-ocpu-session"));
}

function showSession(key) {
  $("session").hidden = !key;
  $("key").textContent = key;
  $("key").href = linkTo(`tmp/${key}/`);
}

/** @param {Answer} answer @returns {Promise<Node[]>} */
async function bodyOf(answer) {
  const { response, blob } = answer;
  if (!blob.size) return [element("p", { textContent: "The answer has no body.", className: "quiet" })];
  const type = response.headers.get("Content-Type") ?? "";
  const view = Object.entries({ "^image/": picture, "^text/html": page, "^text/|json|xml|javascript|yaml": text })
    .find(([pattern]) => new RegExp(pattern, "i").test(type))?.[1];
  return view ? [await view(answer), download(answer)] : [download(answer)];
}

async function picture({ blob }) {
  const image = element("img", { alt: "The picture that the server answered with", src: URL.createObjectURL(blob) });
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
  const { response, blob } = answer;
  const body = await blob.text();
  const paths = listed(body, answer);
  if (paths.length) return pathList(paths);
  const isJson = /json/i.test(response.headers.get("Content-Type"));
  const block = element("pre", { textContent: isJson ? indented(body) : body, tabIndex: 0, role: "region", ariaLabel: "Body" });
  block.classList.toggle("failure", !response.ok);
  return block;
}

/** @returns {{label: string, path: string}[]} what each line leads to, if the answer is a list of resources */
function listed(body, { response, root }) {
  const lines = body.split("\n").filter(Boolean);
  const made = lines.map((label) => ({ label, path: label.match(/^\/(?:.*?\/)?(tmp\/x0[0-9a-f]+\/.*)$/)?.[1] }));
  if (made.every(({ path }) => path)) return made;
  if (!response.ok || !new URL(response.url).pathname.endsWith("/")) return [];
  const directory = decodeURIComponent(new URL(response.url).pathname.slice(root.pathname.length));
  return lines.map((label) => ({ label, path: directory + label }));
}

function pathList(paths) {
  const list = element("ul", { className: "paths" });
  for (const { label, path } of paths) {
    const item = list.appendChild(element("li"));
    item.append(element("a", { textContent: label, href: linkTo(path) }));
  }
  return list;
}

/** JSON on one line is laid out; what the server laid out itself stays as it is, numbers to the last digit. */
function indented(json) {
  try {
    return json.trim().includes("\n") ? json : JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // The server calls it JSON, but it is none: to be seen as it came.
  }
}

function download({ response, blob }) {
  const named = response.headers.get("Content-Disposition")?.match(/filename="?([^";]+)/)?.[1];
  const fileName = named ?? new URL(response.url).pathname.split("/").filter(Boolean).slice(-2).join(".");
  return element("a", { textContent: "Download", className: "download", href: URL.createObjectURL(blob), download: fileName });
}

function element(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
