// A call of the API as plain data, and the three things it becomes: a link to it, a request to send, a curl line.

/**
 * @typedef {object} Argument
 * @property {string} name
 * @property {string} [value] R code, JSON or a session's key
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

const isFile = (arg) => arg.file !== undefined;
const isFilled = (arg) => arg.name || arg.value || isFile(arg);
const isMultipart = (call) => call.body === "multipart" || call.args.some(isFile);

/** @param {Call} call @returns {string} fragment of an address; the contents of files are not in it */
export function toFragment({ method, path, body, args, json, headers }) {
  const fields = Object.entries({ method, path, body, json, headers }).filter(([, text]) => text && text !== "form");
  for (const arg of args.filter(isFilled)) fields.push(["name", arg.name], isFile(arg) ? ["file", ""] : ["value", arg.value]);
  return "#" + new URLSearchParams(fields).toString().replaceAll("%2F", "/");
}

/** @param {string} fragment @returns {Call} */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.slice(1));
  const args = [];
  for (const [field, text] of fields) {
    if (field === "name") args.push({ name: text });
    else if (args.length && field === "value") args.at(-1).value = text;
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

/** @param {Call} call @param {URL} root @returns {string} a line for a POSIX shell @throws {Error} as toRequest does */
export function toCurl(call, root) {
  const address = addressOf(call, root).href;
  // As fetch does, curl is to follow redirects; and square brackets and braces are patterns to it unless it is told not.
  const words = { GET: ["-L"], HEAD: ["-I", "-L"], OPTIONS: ["-X", "OPTIONS"] }[call.method] ?? [];
  if (/[[\]{}]/.test(address)) words.push("-g");
  words.push(address);
  for (const [name, value] of headersOf(call)) words.push("-H", value ? `${name}: ${value}` : `${name};`);
  if (call.method === "POST") words.push(...bodyOptions(call));
  return ["curl", ...words.map(quoted)].join(" ");
}

function addressOf(call, root) {
  const address = new URL(call.path, root);
  if (address.origin !== root.origin || !address.pathname.startsWith(root.pathname)) {
    throw new Error(`${call.path} is not below ${root.href}. Write the endpoint relative to that.`);
  }
  if (call.method !== "POST") {
    if (call.args.some(isFile)) throw new Error(`A ${call.method} request cannot carry a file. Use POST.`);
    for (const arg of argumentsOf(call)) address.searchParams.append(arg.name, arg.value);
  }
  return address;
}

function argumentsOf(call) {
  const filled = call.args.filter(isFilled);
  if (filled.every((arg) => arg.name)) return filled;
  throw new Error("An argument has no name. Those that R is to take without a name go into one named “...”.");
}

function headersOf(call) {
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
  if (!isMultipart(call)) return new URLSearchParams(args.map((arg) => [arg.name, arg.value]));
  const form = new FormData();
  for (const arg of args) {
    if (arg.file === null) throw new Error(`Choose a file for the argument “${arg.name}”.`);
    form.append(arg.name, arg.file ?? arg.value);
  }
  return form;
}

function bodyOptions(call) {
  if (call.body === "json") return ["--data-raw", call.json];
  const args = argumentsOf(call);
  // curl encodes what follows the first "=", and takes what comes before it as encoded.
  const field = (arg) => ["--data-urlencode", `${encodeURIComponent(arg.name)}=${arg.value}`];
  return args.length ? args.flatMap(isMultipart(call) ? partOption : field) : ["-d", ""];
}

function partOption(arg) {
  if (!isFile(arg)) return ["--form-string", `${arg.name}=${arg.value}`];
  const name = arg.file?.name ?? "FILE";
  return ["-F", `${arg.name}=@${/^[\w.-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`}`];
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
