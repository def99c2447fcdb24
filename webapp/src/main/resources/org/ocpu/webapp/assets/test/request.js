// A call of the API as plain data, and two of the things it becomes: a link to it, and a request to send. See snippets.js for more.

/**
 * @typedef {object} Argument
 * @property {string} name
 * @property {string} [value] what was typed
 * @property {"code" | "json" | "text" | "session"} [kind] what that is; code, if nothing says otherwise, is R code or whatever else
 *     the API understands: JSON, or the key of a session
 * @property {File | null} [file] what to upload; null while none is chosen; absent for an argument with a value
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {string} path below the API's root, with a query or without
 * @property {string} body how a POST sends its arguments: "form", "multipart" or "json"
 * @property {Argument[]} args go into the query unless the method is POST
 * @property {string} json the body, when that is JSON
 * @property {string} headers lines of "Name: value"
 */

const KINDS = ["json", "text", "session"];
const KEY = /^x0[0-9a-f]{8,}(::\S+)?$/;
const isFilled = (arg) => arg.name || arg.value || isFile(arg);

export const isFile = (arg) => arg.file !== undefined;
export const isMultipart = (call) => call.body === "multipart" || call.args.some(isFile);

/** @param {Call} call @returns {string} fragment of an address; the contents of files are not in it */
export function toFragment({ method, path, body, args, json, headers }) {
  const fields = Object.entries({ method, path, body, json, headers }).filter(([, text]) => text && text !== "form");
  for (const arg of args.filter(isFilled)) {
    fields.push(["name", arg.name], isFile(arg) ? ["file", ""] : ["value", arg.value]);
    if (KINDS.includes(arg.kind)) fields.push(["kind", arg.kind]);
  }
  return "#" + new URLSearchParams(fields).toString().replaceAll("%2F", "/");
}

/** @param {string} fragment @returns {Call} */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.slice(1));
  const args = [];
  for (const [field, text] of fields) {
    if (field === "name") args.push({ name: text });
    else if (args.length && field === "value") args.at(-1).value = text;
    else if (args.length && field === "kind" && KINDS.includes(text)) args.at(-1).kind = text;
    else if (args.length && field === "file") args.at(-1).file = null;
  }
  const call = { method: "GET", path: "", body: "form", json: "", headers: "" };
  for (const name of Object.keys(call)) call[name] = fields.get(name) ?? call[name];
  return { ...call, args };
}

/** @param {string} path of a resource, not yet percent-encoded @returns {string} fragment of the call that reads it */
export function linkTo(path) {
  return toFragment({ method: "GET", path: path.split("/").map(encodeURIComponent).join("/"), args: [] });
}

/**
 * @param {Call} call
 * @param {URL} root address of the API, which the call must not leave
 * @returns {Request}
 * @throws {Error} saying what is wrong with the call
 */
export function toRequest(call, root) {
  const body = call.method === "POST" ? bodyOf(call) : undefined;
  return new Request(addressOf(call, root), { method: call.method, headers: headersOf(call), body });
}

/** @param {Call} call @param {URL} root @returns {URL} @throws {Error} as toRequest does */
export function addressOf(call, root) {
  const address = new URL(call.path, root);
  if (address.origin !== root.origin || !address.pathname.startsWith(root.pathname)) {
    throw new Error(`${call.path} is not below ${root.href}. Write the endpoint relative to that.`);
  }
  if (call.method !== "POST") {
    if (call.args.some(isFile)) throw new Error(`A ${call.method} request cannot carry a file. Use POST.`);
    for (const arg of argumentsOf(call)) address.searchParams.append(arg.name, encoded(arg));
  }
  return address;
}

/** @param {Call} call @returns {Argument[]} those that are sent @throws {Error} for one without a name */
export function argumentsOf(call) {
  const filled = call.args.filter(isFilled);
  if (filled.every((arg) => arg.name)) return filled;
  throw new Error("An argument has no name. Those that R is to take without a name go into one named “...”.");
}

/** @param {Argument} arg @returns {string} its value as the API wants it in a form @throws {Error} for one that is not of its kind */
export function encoded({ name, value = "", kind }) {
  if (kind === "text") return JSON.stringify(value); // which R reads as a string, too
  if (kind === "json") return jsonOf(value, `The value of “${name}”`);
  if (kind === "session" && !KEY.test(value.trim())) {
    throw new Error(`“${value}”, the value of “${name}”, is not the key of a session. Keys look like x0123456789.`);
  }
  return kind === "session" ? value.trim() : value;
}

/** As it was typed, since 1.0 and 1 are not the same to R; but a string, of which R knows fewer ways to write it. */
function jsonOf(text, what) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (problem) {
    throw new Error(`${what} is not JSON: ${problem.message}`, { cause: problem });
  }
  return typeof value === "string" ? JSON.stringify(value) : text.trim();
}

/** @param {Call} call @returns {Call} the same with the members of its body as arguments, if that is a JSON object */
export function withArguments(call) {
  if (call.body !== "json") return call;
  const args = Object.entries(membersOf(call.json)).map(([name, value]) => ({ name, value: JSON.stringify(value), kind: "json" }));
  return { ...call, body: "form", json: "", args };
}

function membersOf(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** @param {Call} call @returns {string[][]} names and values @throws {Error} for a line that is no header */
export function headersOf(call) {
  const headers = call.headers.split("\n").filter((line) => line.trim()).map((line) => {
    const [, name, value] = line.match(/^\s*([^\s:]+)\s*:(.*)$/) ?? [];
    if (!name) throw new Error(`“${line.trim()}” is not a header. Write Name: value.`);
    return [name, value.trim()];
  });
  const typed = headers.some(([name]) => name.toLowerCase() === "content-type");
  if (call.method === "POST" && call.body === "json" && !typed) headers.push(["Content-Type", "application/json"]);
  return headers;
}

function bodyOf(call) {
  if (call.body === "json") return call.json;
  const args = argumentsOf(call);
  if (!isMultipart(call)) return new URLSearchParams(args.map((arg) => [arg.name, encoded(arg)]));
  const form = new FormData();
  for (const arg of args) {
    if (arg.file === null) throw new Error(`Choose a file for the argument “${arg.name}”.`);
    form.append(arg.name, arg.file ?? encoded(arg));
  }
  return form;
}
