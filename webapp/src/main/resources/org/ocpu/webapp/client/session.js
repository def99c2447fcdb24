// Sessions, what they hold, and how it is read.

import { SESSION } from "./arguments.js";

/** Options with which R values become the JavaScript that one would write for them. */
export const VALUE = { auto_unbox: true, digits: "NA", na: "null", null: "null" };

const DOTS_PER_INCH = 72;

/** A call or a read that did not succeed. */
export class OcpuError extends Error {
  name = "OcpuError";

  /** @param {{ kind: "r" | "server" | "network" }} details and the further properties */
  constructor(message, { cause, ...details }) {
    super(message, cause ? { cause } : undefined);
    Object.assign(this, { status: 0, call: "", backtrace: [], text: "", session: null, retryAfter: null }, details);
  }
}

/** Fetches; whatever is no success is an OcpuError, and what was aborted the signal's reason, as of fetch. */
export async function request(address, init = {}, headers = {}) {
  const response = await reaching(address, init.signal, () => fetch(address, { ...init, headers: { ...headers, ...init.headers } }));
  if (response.ok && response.status !== 202) return response;
  throw await failure(response, init.signal, headers);
}

async function reaching(address, signal, action) {
  try {
    return await action();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (cause instanceof SyntaxError) throw new OcpuError(`What ${address} answered is not JSON.`, { kind: "server", cause });
    const message = `There is no answer from ${new URL(address).host}: it cannot be reached, or this page may not use it.`;
    throw new OcpuError(message, { kind: "network", cause });
  }
}

/** The body of a response: JSON, text or a Blob by its media type, unless told. */
export function content(response, signal, as = wanted(response)) {
  return reaching(response.url, signal, () => response[as]());
}

function wanted(response) {
  const type = mediaType(response);
  if (type === "application/json") return "json";
  return /^text\/|ndjson/.test(type) ? "text" : "blob";
}

function mediaType(response) {
  return (response.headers.get("Content-Type") ?? "").split(";")[0].trim();
}

async function failure(response, signal, headers) {
  const text = (await content(response, signal, "text")).trimEnd();
  const { status } = response;
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  if (mediaType(response) !== "text/plain" || !text) { // of something between here and the server
    return new OcpuError(`The server answered with status ${status}.`, { kind: "server", status, text, retryAfter });
  }
  const [, message, call = "", trace = ""] = /^([^]*?)(?:\n\nIn call:\n([^]*?))?(?:\n\nBacktrace:\n([^]*))?$/.exec(text);
  const session = await left(response, signal, headers);
  const backtrace = trace ? trace.split("\n") : [];
  return new OcpuError(message, { kind: session ? "r" : "server", status, call, backtrace, text, session, retryAfter });
}

/** The session that a failed call left. */
async function left(response, signal, headers) {
  const location = response.headers.get("Location");
  if (!location || !response.headers.get("X-ocpu-session")) return null;
  // A proxy may know the server by another name than this page does.
  const url = new URL(new URL(location, response.url).pathname, response.url).href;
  try {
    return await opened(url, { signal }, headers);
  } catch (problem) {
    if (signal?.aborted) throw problem;
    return null; // what R said is what counts
  }
}

/** A session by its address. */
export async function opened(url, { signal } = {}, headers = {}) {
  const list = await content(await request(url, { signal }, headers), signal, "text");
  return new Session(url, list.split("\n").filter(Boolean), headers);
}

/** The session that the answer to a call tells of: a path a line. */
export async function made(response, signal, headers) {
  const key = response.headers.get("X-ocpu-session");
  const paths = (await content(response, signal, "text")).split("\n").filter(Boolean);
  const base = paths[0].slice(0, paths[0].indexOf(`/${key}/`) + key.length + 2);
  return new Session(new URL(base, response.url).href, paths.map((path) => path.slice(base.length)), headers);
}

/** An address with options as its query. */
export function withQuery(address, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return pairs.length ? `${address}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}` : address;
}

/** Something at an address, which can be read. */
class Resource {
  constructor(url, headers) {
    this.url = url;
    Object.defineProperty(this, "headers", { value: headers });
  }

  async read(address, { signal, fresh } = {}, as = undefined) {
    const init = fresh ? { signal, cache: "no-store", headers: { "Cache-Control": "no-cache" } } : { signal };
    return content(await request(address, init, this.headers), signal, as);
  }
}

/** An R object: of a session, or of a package. */
export class RObject extends Resource {
  constructor(url, name, headers) {
    super(url, headers);
    this.name = name;
  }

  /** The address of the object in a format, for links. */
  address(format = "json", query = undefined) {
    return withQuery(`${this.url}/${encodeURIComponent(format)}`, query);
  }

  /** As JavaScript: a vector of one element is that element, NA is null, numbers have all their digits. */
  value(query = undefined, options = undefined) {
    return this.json({ ...VALUE, ...query }, options);
  }

  /** As the API has it in JSON: vectors are arrays, numbers have 4 decimals unless `digits` says otherwise. */
  json(query = undefined, options = undefined) {
    return this.read(this.address("json", query), options, "json");
  }

  text(format = "print", query = undefined, options = undefined) {
    return this.read(this.address(format, query), options, "text");
  }

  blob(format = "rds", query = undefined, options = undefined) {
    return this.read(this.address(format, query), options, "blob");
  }
}

/** A picture that a call drew. */
export class Plot extends Resource {
  constructor(url, number, headers) {
    super(url, headers);
    this.number = number;
  }

  /**
   * The address of the picture, as for `img.src`. Sizes are in CSS pixels in all formats: letters of 12 points are 12 pixels high.
   * @param {string} format
   * @param {{ width?: number, height?: number, scale?: number }} options `scale` pixels of a bitmap for each of these; others go to R
   */
  address(format, { width, height, scale = 1, ...query } = {}) {
    const bitmap = format === "png";
    const unit = bitmap ? scale : 1 / DOTS_PER_INCH;
    const length = (pixels) => pixels && (bitmap ? Math.round(pixels * unit) : Number((pixels * unit).toFixed(4)));
    if (bitmap && scale !== 1) query.res ??= DOTS_PER_INCH * scale;
    if (format === "pdf" && (width || height)) query.paper ??= "special"; // else R centres it on a page
    return withQuery(`${this.url}/${encodeURIComponent(format)}`, { width: length(width), height: length(height), ...query });
  }

  svg(options = undefined) {
    return this.address("svg", options);
  }

  png(options = undefined) {
    return this.address("png", options);
  }

  pdf(options = undefined) {
    return this.address("pdf", options);
  }

  /** The picture itself. */
  blob(format = "png", { signal, fresh, ...options } = {}) {
    return this.read(this.address(format, options), { signal, fresh }, "blob");
  }
}

/** A file that a call wrote. */
export class SessionFile extends Resource {
  constructor(url, name, headers) {
    super(url, headers);
    this.name = name;
  }

  text(options = undefined) {
    return this.read(this.url, options, "text");
  }

  json(options = undefined) {
    return this.read(this.url, options, "json");
  }

  blob(options = undefined) {
    return this.read(this.url, options, "blob");
  }
}

/** What a call left: its value, plots, output and files. As an argument of another call it is its value. */
export class Session extends Resource {
  /** @param {string[]} entries what it holds, as paths below it */
  constructor(url, entries, headers) {
    super(url, headers);
    const below = (directory) => entries.filter((entry) => entry.startsWith(directory)).map((entry) => entry.slice(directory.length));
    this.key = new URL(url).pathname.split("/").at(-2);
    this.objects = below("R/").map((name) => this.object(name));
    this.plots = below("graphics/").filter((name) => /^\d+$/.test(name)).map((number) => this.#plot(Number(number)));
    this.files = below("files/").filter((name) => name !== "DESCRIPTION").map((name) => this.file(name)); // which is always there
  }

  get [SESSION]() {
    return true;
  }

  /** The address of anything below the session, such as "zip". */
  address(path = "") {
    return this.url + path.split("/").map(encodeURIComponent).join("/");
  }

  object(name = ".val") {
    return new RObject(this.address(`R/${name}`), name, this.headers);
  }

  file(name) {
    return new SessionFile(this.address(`files/${name}`), name, this.headers);
  }

  /** The n-th plot; the last one unless told. */
  plot(n = "last") {
    const number = n === "last" ? this.plots.length : n;
    if (this.plots[number - 1]) return this.plots[number - 1];
    const there = this.plots.length ? `The call made ${this.plots.length} plots` : "The call made no plot";
    throw new RangeError(`${there}${n === "last" ? "" : `: there is no plot ${n}`}.`);
  }

  #plot(number) {
    return new Plot(this.address(`graphics/${number}`), number, this.headers);
  }

  value(query = undefined, options = undefined) {
    return this.object().value(query, options);
  }

  json(query = undefined, options = undefined) {
    return this.object().json(query, options);
  }

  text(format = undefined, query = undefined, options = undefined) {
    return this.object().text(format, query, options);
  }

  blob(format = undefined, query = undefined, options = undefined) {
    return this.object().blob(format, query, options);
  }

  console(options = undefined) {
    return this.#output("console", options);
  }

  stdout(options = undefined) {
    return this.#output("stdout", options);
  }

  messages(options = undefined) {
    return this.#output("messages", options);
  }

  warnings(options = undefined) {
    return this.#output("warnings", options);
  }

  source(options = undefined) {
    return this.#output("source", options);
  }

  #output(name, options) {
    return this.read(this.address(`${name}/text`), options, "text");
  }
}
