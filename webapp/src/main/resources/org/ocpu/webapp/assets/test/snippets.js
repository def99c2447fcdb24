// A call as what others can run: a line for a shell, and JavaScript.

import { addressOf, argumentsOf, encoded, headersOf, isFile, isMultipart } from "./request.js";

/**
 * @param {import("./request.js").Call} call
 * @param {URL} root
 * @returns {string} a line for a POSIX shell
 * @throws {Error} as toRequest does
 */
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

function bodyOptions(call) {
  if (call.body === "json") return ["--data-raw", call.json];
  const args = argumentsOf(call);
  // curl encodes what follows the first "=", and takes what comes before it as encoded.
  const field = (arg) => ["--data-urlencode", `${encodeURIComponent(arg.name)}=${encoded(arg)}`];
  return args.length ? args.flatMap(isMultipart(call) ? partOption : field) : ["-d", ""];
}

function partOption(arg) {
  if (!isFile(arg)) return ["--form-string", `${arg.name}=${encoded(arg)}`];
  const name = fileName(arg);
  return ["-F", `${arg.name}=@${/^[\w.-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, "\\$&")}"`}`];
}

const fileName = (arg) => arg.file?.name ?? "FILE";

/** @param {string} word @returns {string} the same for a shell */
export function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * @param {import("./request.js").Call} call
 * @param {URL} root
 * @returns {string} for the console of a browser, Node or a module
 * @throws {Error} as toRequest does
 */
export function toJavaScript(call, root) {
  const address = JSON.stringify(addressOf(call, root).href);
  const options = [`method: "${call.method}"`];
  const headers = headersOf(call);
  if (headers.length) options.push(`headers: ${JSON.stringify(Object.fromEntries(headers))}`);
  const before = [];
  if (call.method === "POST") options.push(...bodyLines(call, before));
  const plain = call.method === "GET" && options.length === 1;
  return [
    ...before,
    plain ? `const response = await fetch(${address});` : `const response = await fetch(${address}, {\n  ${options.join(",\n  ")},\n});`,
    "if (!response.ok) throw new Error(await response.text());",
    ...readingLines(call),
  ].join("\n");
}

function bodyLines(call, before) {
  if (call.body === "json") return [`body: ${JSON.stringify(call.json)}`];
  const args = argumentsOf(call);
  if (!args.length) return [];
  if (!isMultipart(call)) {
    const pairs = args.map((arg) => `    ${JSON.stringify([arg.name, encoded(arg)])},`).join("\n");
    return [`body: new URLSearchParams([\n${pairs}\n  ])`];
  }
  before.push("const form = new FormData();");
  for (const arg of args) {
    const value = isFile(arg)
      ? `new File(["what is in the file"], ${JSON.stringify(fileName(arg))})); // or that of an input: input.files[0]`
      : `${JSON.stringify(encoded(arg))});`;
    before.push(`form.append(${JSON.stringify(arg.name)}, ${value}`);
  }
  return ["body: form"];
}

/** A session's key, or what the format makes. */
function readingLines(call) {
  const [path] = call.path.split("?");
  if (call.method === "POST" && !/(R|data)\/[^/]+\/[^/]+\/?$|::[^/]+\/[^/]+\/?$/.test(path)) {
    return ["console.log(response.headers.get(\"X-ocpu-session\")); // its value: GET tmp/{session}/R/.val/json"];
  }
  if (call.method === "HEAD" || call.method === "OPTIONS") return ["console.log([...response.headers]);"];
  if (/\/(png|pdf|rds|rda|pb|feather|parquet|arrowipc|bin|zip|tar)\/?$/.test(path)) return ["const file = await response.blob();"];
  return [`console.log(await response.${/\/json\/?$/.test(path) ? "json" : "text"}());`];
}

/**
 * The commands that run a script in a session of its own: one brings it, the other runs it.
 *
 * @param {string} script
 * @param {string} keys of the sessions that it names, with commas between
 * @param {URL} root
 * @returns {string} lines for a POSIX shell
 */
export function scriptToCurl(script, keys, root) {
  let end = "END";
  while (script.split("\n").includes(end)) end += "_";
  const key = "sed -n 's/^[Xx]-ocpu-session: \\(.*\\)\\r/\\1/p'";
  const text = script.endsWith("\n") ? script : `${script}\n`;
  return [
    `K=$(curl -s -o /dev/null -D - -F 'x=@-;filename=script.R' ${quoted(`${root.href}library/base/R/identity`)} <<'${end}' | ${key}`,
    `${text}${end}`,
    ")",
    `curl -d ${quoted(keys ? `sessions=${keys}` : "")} ${quoted(`${root.href}tmp/`)}$K/files/script.R`,
  ].join("\n");
}

/** @param {string} script @param {string} keys @param {URL} root @returns {string} the same as JavaScript */
export function scriptToJavaScript(script, keys, root) {
  const json = JSON.stringify;
  return `const form = new FormData();
form.append("x", new File([${json(script)}], "script.R"));
const upload = await fetch(${json(`${root.href}library/base/R/identity`)}, { method: "POST", body: form });
const key = upload.headers.get("X-ocpu-session");
const response = await fetch(\`${root.href}tmp/\${key}/files/script.R\`, { method: "POST"${
    keys ? `, body: new URLSearchParams({ sessions: ${json(keys)} })` : ""} });
if (!response.ok) throw new Error(await response.text());
console.log(response.headers.get("X-ocpu-session")); // what it printed: GET tmp/{session}/console/text`;
}
