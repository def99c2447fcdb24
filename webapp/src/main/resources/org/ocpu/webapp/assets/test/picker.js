// Picks a package of a library, and something of it, from what the server has.

import { about, lines } from "./api.js";
import { Combobox } from "./combobox.js";
import { $, element } from "./dom.js";

const LIBRARIES = { library: "R's own libraries", cran: "CRAN", bioc: "Bioconductor", apps: "Apps" };
const CALLED = { "": "Session with all of it", json: "JSON", print: "Printed", csv: "CSV", png: "Picture (png)", svg: "Picture (svg)" };
const READ = {
  json: "JSON", print: "Printed", csv: "CSV", tab: "Tab-separated", ndjson: "JSON lines", md: "Markdown", rds: "R (rds)", rda: "R (rda)",
  parquet: "Parquet", feather: "Feather", spss: "SPSS", stata: "Stata",
};
const PATH = new RegExp(
  "^(?:(library|cran|bioc|user/[^/]+/library)(?:/([^/?]+))?|(apps)(?:/([^/?]+/[^/?]+(?:/(?!(?:R|data)(?:/|$))[^/?]+)?))?)"
  + "(?:/(R|data)/([^/?]+)(?:/(\\w+))?)?/?$",
);

/**
 * @typedef {object} Pick
 * @property {string} library
 * @property {string} name of the package; of apps owner/repo
 * @property {"R" | "data"} [place]
 * @property {string} [object]
 * @property {string} [format]
 */

/** @param {string} path @returns {Pick | null} null for what cannot be picked */
export function pickOf(path) {
  const found = path.match(PATH);
  if (!found) return null;
  const [, library, name, apps, app, place, object, format] = found;
  const decoded = (text) => text && decodeURIComponent(text);
  return { library: library ?? apps, name: decoded(name ?? app) ?? "", place, object: decoded(object), format };
}

/** @param {Pick} pick @returns {string} */
export function pathOf({ library, name, place, object, format }) {
  if (!name) return `${library}/`;
  const home = [library, ...name.split("/").map(encodeURIComponent)].join("/");
  if (!object) return `${home}/`;
  return [home, place, encodeURIComponent(object), format].filter(Boolean).join("/");
}

export class Picker {
  /** @type {Pick} */
  #pick = { library: "library", name: "" };
  /** What the package has, and of which this is. */
  #outline = null;
  #outlineOf = "";

  /** @param {HTMLElement} place @param {(pick: Pick) => void} changed */
  constructor(place, changed) {
    this.changed = changed;
    this.library = element("select", { id: "pick-library" });
    for (const [value, label] of Object.entries(LIBRARIES)) this.library.append(new Option(label, value));
    this.package = new Combobox("Package", (name) => this.#choose({ library: this.library.value, name }));
    this.object = new Combobox("Function or data", (object) => this.#chooseObject(object));
    this.format = element("select", { id: "pick-format" });
    place.append(
      field("Library", this.library), this.package.element, this.object.element, field("Answer as", this.format),
    );
    this.library.addEventListener("change", () => this.#choose({ library: this.library.value, name: "" }));
    this.format.addEventListener("change", () => this.#choose({ ...this.#pick, format: this.format.value }));
    this.listed = this.#listLibraries();
  }

  /** @param {Pick} pick @returns {Promise<object | null>} what the package has; null if none is picked, or it is not there */
  async show(pick) {
    const before = this.#pick;
    this.#pick = pick;
    if (!this.#hasLibrary(pick.library)) this.library.append(new Option(pick.library, pick.library));
    this.library.value = pick.library;
    this.package.value = pick.name;
    this.object.value = pick.object ?? "";
    this.#formats(pick);
    if (before.library !== pick.library || !this.package.options.length) await this.#listPackages(pick.library);
    return this.#pick === pick ? this.#read(pick) : null;
  }

  /** @param {string} name @returns {"function" | "data" | "object" | null} what the package has of this name */
  kindOf(name) {
    const has = (list) => list?.some((each) => each.name === name);
    if (has(this.#outline?.functions)) return "function";
    if (has(this.#outline?.data)) return "data";
    return has(this.#outline?.objects) ? "object" : null;
  }

  /** @param {Pick} pick of a function @returns {Promise<object | null>} all that is known of it */
  async functionOf({ library, name, object }) {
    try {
      return await about(`${pathOf({ library, name })}functions/${encodeURIComponent(object)}`);
    } catch (problem) {
      say(problem.message, true);
      return null;
    }
  }

  #hasLibrary(library) {
    return [...this.library.options].some(({ value }) => value === library);
  }

  #choose(pick) {
    this.changed(pick);
  }

  #chooseObject(object) {
    const { library, name } = this.#pick;
    const kind = this.kindOf(object);
    const format = kind === "function" || kind === null ? "" : "json";
    this.#choose({ library, name, object, place: kind === "data" ? "data" : "R", format });
  }

  async #read(pick) {
    const path = pathOf({ library: pick.library, name: pick.name });
    if (!pick.name) {
      this.#outline = null;
      this.#outlineOf = "";
      this.object.options = [];
      say(this.package.options.length ? "Choose a package." : "", false);
      return null;
    }
    if (this.#outlineOf !== path) await this.#load(path, pick.name);
    this.#formats(pick); // which depend on what it is
    return this.#outline;
  }

  async #load(path, name) {
    say(`Looking at ${name} …`, false);
    let outline = null;
    try {
      outline = await about(path);
      say("", false);
    } catch (problem) {
      say(problem.status === 404 ? `There is no package “${name}” here.` : problem.message, true);
    }
    this.#outline = outline;
    this.#outlineOf = outline ? path : "";
    const option = (kind) => ({ name: value, title }) => ({ value, note: [kind, title].filter(Boolean).join(": ") });
    this.object.options = outline
      ? [...outline.functions.map(option("")), ...outline.data.map(option("data")), ...outline.objects.map(option("object"))]
      : [];
  }

  #formats({ object, place, format = "" }) {
    const formats = place === "data" || this.kindOf(object) === "object" ? READ : CALLED;
    const known = format in formats ? formats : { ...formats, [format]: format || "Printed" };
    this.format.replaceChildren(...Object.entries(known).map(([value, label]) => new Option(label, value)));
    this.format.value = format;
    this.format.disabled = !object;
  }

  /** Those that are empty or off are said to be so. */
  async #listLibraries() {
    await Promise.all(Object.keys(LIBRARIES).map(async (library) => {
      const option = [...this.library.options].find(({ value }) => value === library);
      const why = await without(library);
      if (why) option.textContent += ` (${why})`;
      option.disabled = Boolean(why) && library !== this.#pick.library;
    }));
    const users = await lines("user/").catch(() => []); // that there are none, or none for all to see, is nothing to tell
    for (const user of users) {
      if (!this.#hasLibrary(`user/${user}/library`)) this.library.append(new Option(`Library of ${user}`, `user/${user}/library`));
    }
  }

  async #listPackages(library) {
    try {
      const names = await lines(`${library}/`);
      if (this.#pick.library === library) this.package.options = names.map((value) => ({ value }));
      if (!names.length) say("This library is empty.", false);
    } catch (problem) {
      this.package.options = [];
      say(problem.message, true);
    }
  }
}

/** @returns {Promise<string>} why nothing can be picked of a library */
async function without(library) {
  try {
    return (await lines(`${library}/`)).length ? "" : "empty";
  } catch (problem) {
    return { 401: "needs a password", 403: "switched off" }[problem.status] ?? "does not answer";
  }
}

function field(label, control) {
  return element("div", { className: "field" }, element("label", { for: control.id, textContent: label }), control);
}

function say(words, isWrong) {
  $("picked").textContent = words;
  $("picked").classList.toggle("wrong", isWrong);
}
