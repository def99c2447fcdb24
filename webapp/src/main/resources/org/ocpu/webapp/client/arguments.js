// How the arguments of a call are sent: as JSON where all of them are values, else as parts of a multipart form (RFC 7578), in which
// values are JSON too, sessions are their keys, code is code and files are files.

/** Mark sessions and code, also those of another copy of this library on the same page. */
export const SESSION = Symbol.for("ocpu.session");
const CODE = Symbol.for("ocpu.code");

/** R code as an argument; made by `ocpu.code`. */
export class Code {
  /** @param {string} text */
  constructor(text) {
    if (typeof text !== "string" || !text.trim()) throw new TypeError("R code is a string that is not empty.");
    this.text = text;
  }

  get [CODE]() {
    return true;
  }
}

const TYPED = Object.getPrototypeOf(Uint8Array);

/**
 * The body of a call.
 * @param {Record<string, unknown>} args
 * @returns {Promise<{ type: string, body: string | Blob }>}
 */
export async function encode(args = {}) {
  if (args === null || typeof args !== "object" || Array.isArray(args)) {
    throw new TypeError('Arguments are an object with the names of the function\'s arguments, such as { n: 10 }.');
  }
  const values = await Promise.all(Object.entries(args).map(async ([name, value]) => [name, await value]));
  const parts = values.filter(([, value]) => value !== undefined).map(([name, value]) => [name, part(name, value)]);
  if (parts.every(([, { json }]) => json !== undefined)) {
    const members = parts.map(([name, { json }]) => `${JSON.stringify(name)}:${json}`);
    return { type: "application/json", body: `{${members.join(",")}}` };
  }
  return multipart(parts);
}

/** One argument as { json }, { text } or { file, filename }. */
function part(name, value) {
  const file = globalThis.FileList && value instanceof FileList ? only(name, value) : value;
  if (value?.[SESSION]) return { text: value.key };
  if (value?.[CODE]) return { text: value.text };
  if (file instanceof Blob) return { file, filename: file.name || name };
  if (typeof value === "number" && !Number.isFinite(value)) return { text: String(value).replace("Infinity", "Inf") };
  return { json: json(name, value) };
}

function only(name, files) {
  if (files.length === 1) return files[0];
  throw new TypeError(`Argument '${name}' is to be one file, not ${files.length}.`);
}

function json(name, value) {
  let text;
  try {
    text = JSON.stringify(value, plain);
  } catch (cause) {
    throw new TypeError(`Argument '${name}' cannot be sent as JSON: ${cause.message}`, { cause });
  }
  if (text === undefined) throw new TypeError(`Argument '${name}' cannot be sent: it is a ${typeof value}.`);
  return text;
}

function plain(_key, value) {
  if (value?.[SESSION] || value?.[CODE] || value instanceof Blob) {
    throw new TypeError("sessions, code and files are arguments of their own, not parts of one");
  }
  return value instanceof TYPED ? Array.from(value) : value;
}

/** Not FormData, which takes everything with a media type for a file. */
function multipart(parts) {
  const boundary = `ocpu-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("")}`;
  const chunks = parts.flatMap(([name, { json, text, file, filename }]) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`,
    file ? `; filename="${escaped(filename)}"\r\nContent-Type: ${file.type || "application/octet-stream"}` : "",
    json === undefined ? "" : "\r\nContent-Type: application/json",
    "\r\n\r\n",
    file ?? json ?? text,
    "\r\n",
  ]);
  return { type: `multipart/form-data; boundary=${boundary}`, body: new Blob([...chunks, `--${boundary}--\r\n`]) };
}

/** As browsers write names in forms (HTML standard, "multipart/form-data encoding algorithm"). */
function escaped(name) {
  return name.replace(/\r\n|\r|\n/g, "%0D%0A").replace(/"/g, "%22");
}
