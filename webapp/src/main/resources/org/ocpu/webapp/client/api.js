// The functions of a package.

import { Code, encode } from "./arguments.js";
import { OcpuError, RObject, Session, VALUE, content, made, opened, request, withQuery } from "./session.js";

/** Formats of values that a call can be answered with at once; others are read from its session. */
const AT_ONCE = new Set(
  "json ndjson csv tab print md bin rds rda serialized console png svg svglite pdf".split(" "),
);

/**
 * The functions of a package.
 * @param {string | URL} address of the functions, `.../R`, or of their package; relative to the page
 * @param {{ headers?: Record<string, string> }} settings headers of each request
 */
export function ocpu(address = "../R", settings = {}) {
  const { url, headers } = functionsAt(address, settings);

  async function post(path, query, args, { signal, fresh } = {}) {
    signal?.throwIfAborted();
    const { type, body } = await encode(args);
    const init = { method: "POST", body, signal, headers: { "Content-Type": type } };
    if (fresh) init.headers["Cache-Control"] = "no-cache";
    return request(withQuery(`${url}/${path}`, query), init, headers);
  }

  async function call(fun, args, options = {}) {
    return made(await post(named(fun), {}, args, options), options.signal, headers);
  }

  async function rpc(fun, args, { format = "json", query, ...options } = {}) {
    if (!AT_ONCE.has(format)) return (await call(fun, args, options)).blob(format, query, options);
    const asked = format === "json" ? { ...VALUE, ...query } : query;
    const response = await post(`${named(fun)}/${format}`, asked, args, options);
    return content(response, options.signal);
  }

  const object = (name) => new RObject(`${url}/${named(name)}`, name, headers);
  return { url, call, rpc, object };
}

/** Where the functions are: an address that does not end in /R is that of their package. */
function functionsAt(address, { headers = {} }) {
  const url = absolute(address);
  const all = { ...headers };
  if (url.username) {
    all.Authorization ??= `Basic ${btoa(decodeURIComponent(`${url.username}:${url.password}`))}`;
  }
  url.username = url.password = url.search = url.hash = "";
  const path = url.href.replace(/\/+$/, "");
  return { url: /\/R$/.test(path) ? path : `${path}/R`, headers: all };
}

export function absolute(address) {
  const page = globalThis.document?.baseURI ?? globalThis.location?.href;
  try {
    return new URL(address, page);
  } catch (cause) {
    const where = page ? "" : " Outside of a page it begins with http.";
    throw new TypeError(`'${address}' is not an address.${where}`, { cause });
  }
}

function named(name) {
  if (typeof name === "string" && name) return encodeURIComponent(name);
  throw new TypeError("Which function? Its name is a string that is not empty.");
}

ocpu.code = (text) => new Code(text);

/** Opens a session that was kept by its address. */
ocpu.session = async (address, { headers = {}, signal } = {}) => {
  const url = absolute(address).href.replace(/[?#].*|\/*$/g, "");
  if (/\/x0[0-9a-f]+$/.test(url)) return opened(`${url}/`, { signal }, headers);
  throw new TypeError(`'${address}' is not the address of a session, which ends in its key.`);
};

ocpu.Error = OcpuError;
ocpu.Session = Session;
