// A session as a tree. Each of its branches is asked for when it is opened.

import { ROOT, ask, lines } from "./api.js";
import { consolePieces, consoleView } from "./console-view.js";
import { button, element, size } from "./dom.js";
import { plotView } from "./plots.js";
import { objectView, printed } from "./value-view.js";

const OBJECT_FORMATS = ["csv", "json", "ndjson", "tab", "md", "rds", "rda", "parquet"];
const PICTURE = /\.(png|jpe?g|gif|webp|svg)$/i;
const PAGE = /\.html?$/i;
const BINARY = /\.(pdf|zip|gz|bz2|xz|tar|rds|rda|rdata|parquet|feather|docx|odt|xlsx|sqlite|bin|exe)$/i;

/**
 * @param {string} key
 * @param {object} [wish]
 * @param {"value" | "console" | ""} [wish.first] which branch is open; value: the last plot, if there is one
 * @returns {Promise<HTMLElement>}
 * @throws {import("./api.js").ApiError} 404 if it is there no more
 */
export async function sessionTree(key, { first = "value" } = {}) {
  const session = `tmp/${key}`;
  const entries = await lines(`${session}/`);
  const below = (prefix) => entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
  const objects = below("R/").filter((name) => name !== ".val");
  const plots = below("graphics/");
  const tree = element("div", { className: "tree" });
  const plotBranches = plots.map((n) => branch(`Plot ${n}`, `graphics/${n}`, () => plotView(`${session}/graphics/${n}`, `Plot ${n}`)));
  const toPlot = (n) => {
    plotBranches[n - 1].open = true;
    plotBranches[n - 1].querySelector("summary").focus();
  };
  if (entries.includes("R/.val")) tree.append(branch("Value", "R/.val", () => object(`${session}/R/.val`)));
  tree.append(...plotBranches);
  if (entries.includes("console")) {
    tree.append(branch("Console", "console", async () => consoleView(await consolePieces(session), toPlot)));
  }
  if (objects.length) tree.append(group("Objects", objects, (name) => branch(name, `R/${name}`, () => object(`${session}/R/${encodeURIComponent(name)}`))));
  tree.append(group("Files", below("files/"), (name) => fileBranch(session, name)));
  tree.append(branch("Texts", "source, stdout, messages, warnings", () => texts(session, entries)));
  tree.append(branch("R session", "info", () => printed(`${session}/info/print`, "Session information")));
  tree.append(archives(session));
  openFirst(tree, first, plots.length);
  return tree;
}

function openFirst(tree, first, plots) {
  if (!first) return;
  const entry = first === "console" ? "console" : plots ? `graphics/${plots}` : "R/.val";
  const found = tree.querySelector(`[data-entry="${entry}"]`) ?? tree.querySelector('[data-entry="console"]');
  if (found) found.open = true;
}

/** @param {string} label @param {string} entry what it is called in the API @param {() => Promise<Node> | Node} load */
function branch(label, entry, load) {
  const summary = element("summary", {}, element("span", { textContent: label }));
  if (label !== entry) summary.append(" ", element("code", { textContent: entry }));
  const inner = element("div", { className: "inner" });
  const folded = element("details", { dataset: { entry } }, summary, inner);
  const fill = async () => {
    inner.replaceChildren(element("p", { className: "quiet", textContent: "Loading …" }));
    inner.ariaBusy = "true";
    try {
      inner.replaceChildren(await load());
    } catch (problem) {
      inner.replaceChildren(element("p", { className: "wrong", textContent: problem.message }), button("Try again", fill));
    }
    inner.ariaBusy = "false";
  };
  folded.addEventListener("toggle", fill, { once: true });
  return folded;
}

function group(label, names, each) {
  return branch(`${label} (${names.length})`, label.toLowerCase(), () => element("div", { className: "tree" }, ...names.map(each)));
}

async function object(path) {
  const links = OBJECT_FORMATS.map((format) => download(`${path}/${format}`, format));
  return element("div", {}, await objectView(path), element("p", { className: "links" }, "Download: ", ...links.flatMap((link) => [link, " "])));
}

const address = (path) => new URL(path, ROOT).href;
const download = (path, label) => element("a", { textContent: label, href: address(path), download: "" });

function fileBranch(session, name) {
  const path = `${session}/files/${name.split("/").map(encodeURIComponent).join("/")}`;
  return branch(name, `files/${name}`, async () => element("div", {}, await fileView(path, name), await fileLinks(path, name)));
}

async function fileLinks(path) {
  const open = element("a", { textContent: "Open in a new tab", href: address(path), target: "_blank", rel: "noopener" });
  const head = await ask(path, { method: "HEAD" });
  const bytes = Number(head.headers.get("Content-Length") ?? NaN);
  return element("p", { className: "links" }, download(path, "Download"), open, Number.isNaN(bytes) ? "" : size(bytes));
}

/** Pages are opened elsewhere, since their scripts are to run in an origin of their own. */
function fileView(path, name) {
  if (PICTURE.test(name)) return element("img", { alt: `The picture ${name}`, src: address(path), className: "picture" });
  if (PAGE.test(name)) return element("iframe", { title: name, sandbox: "", src: address(path) });
  if (BINARY.test(name)) return element("p", { className: "quiet", textContent: "This kind of file is not shown." });
  return printed(path, name);
}

function texts(session, entries) {
  const all = ["source", "stdout", "messages", "warnings"].filter((name) => entries.includes(name));
  return element("div", { className: "tree" }, ...all.map((name) => branch(name, name, () => printed(`${session}/${name}/text`, name))));
}

function archives(session) {
  return element("p", { className: "links" }, "All of it: ", download(`${session}/zip`, "zip"), download(`${session}/tar`, "tar.gz"));
}
