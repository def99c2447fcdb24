// Where the API is, and how to ask it.

export const ROOT = new URL("../", location.href.replace(/#.*/, ""));

/** The address of the JSON API about packages. */
const PACKAGES = new URL("/api/v1/packages/", location.href);

/** What an answer's status means to who gets it. */
const MEANINGS = {
  202: "The package is being installed. Send again in a moment.",
  401: "This needs a user and password, or a token. Reload the page to be asked for them, or add an Authorization header by hand.",
  403: "This is switched off on this server, or not for you.",
  404: "There is nothing at this address. Sessions are there for a day, unless the server is set otherwise.",
  405: "This address does not take that method.",
  408: "The request came too slowly.",
  413: "The request is larger than the server takes (body.max).",
  415: "The server does not take a body of this type.",
  429: "Too many requests. Wait a little.",
  500: "The server failed. Its log has more, under the number in the answer.",
  501: "Software that this needs is not installed on the server.",
  502: "A server behind this one is down.",
  503: "The server is busy. Send again in a moment.",
  504: "A server behind this one is too slow.",
  507: "The server's disk is nearly full.",
};

/** An answer that is not what was asked for. */
export class ApiError extends Error {
  /** @param {number} status 0 where there was no answer @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {Response} response @returns {string} a sentence about its status, or nothing */
export function meaning(response) {
  const after = response.headers.get("Retry-After");
  const words = MEANINGS[response.status] ?? "";
  return after && words ? `${words} The server asks to wait for ${after} s.` : words;
}

/** @param {string | URL} path below the API's root @param {RequestInit} [init] @returns {Promise<Response>} one that is fine */
export async function ask(path, init) {
  const response = await answer(new Request(new URL(path, ROOT), init));
  if (response.ok) return response;
  throw new ApiError(response.status, (await response.text()).trim() || `${response.status} ${response.statusText}`);
}

/** @param {Request} request @param {AbortSignal} [signal] @returns {Promise<Response>} any @throws {ApiError} when there is none */
export async function answer(request, signal) {
  try {
    return await fetch(request, { signal });
  } catch (failure) {
    const aborted = "Aborted. The server may still finish the call.";
    throw new ApiError(0, signal?.aborted ? aborted : `No answer. Is the server running? (${failure.message})`);
  }
}

/** @param {string} path of a list @returns {Promise<string[]>} its lines */
export async function lines(path) {
  return (await (await ask(path)).text()).split("\n").filter(Boolean);
}

/** @param {string} path of a package below the API's root, with /functions/NAME or without @returns {Promise<object>} */
export async function about(path) {
  return (await ask(new URL(path, PACKAGES))).json();
}

/** @param {string} path @param {number} most bytes @returns {Promise<{text: string, whole: boolean}>} as much of the text */
export async function limitedText(path, most) {
  const reader = (await ask(path)).body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let taken = 0; taken < most; ) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), whole: true };
    taken += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return { text, whole: false };
}
