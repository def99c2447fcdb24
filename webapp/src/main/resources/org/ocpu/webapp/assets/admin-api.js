// The JSON API as the admin. The token is in this page's memory and nowhere else: pages of apps can have the server's address, too,
// and their scripts could read what a tab stores.

import { follow } from "./events.js";

const API = "/api/v1";

let token = "";

/** What an answer says when the token is not, or no longer, the admin's. */
export class Refused extends Error {}

/** @param {string} secret empty: there is none */
export function setToken(secret) {
  token = secret;
}

function headers() {
  return { Authorization: `Bearer ${token}` };
}

/** @param {Response} answer that is no success; its body is a problem (RFC 9457) unless something between answered */
async function problem(answer) {
  const said = await answer.json().catch(() => ({}));
  const message = said.detail ?? `The server answered with status ${answer.status}.`;
  return [401, 403].includes(answer.status) ? new Refused(message) : new Error(message);
}

/**
 * @param {string} method
 * @param {string} path below the API's beginning
 * @returns {Promise<any>} what it answers
 * @throws {Refused | Error} with what to tell the admin
 */
export async function ask(method, path) {
  let answer;
  try {
    answer = await fetch(API + path, { method, headers: headers(), cache: "no-store" });
  } catch {
    throw new Error("The server cannot be reached.");
  }
  if (!answer.ok) throw await problem(answer);
  return answer.json();
}

/**
 * Follows a stream of events of the API; see `follow` of events.js.
 *
 * @param {string} path
 * @param {object} handlers as there, but `refused` gets what to tell
 */
export function listen(path, handlers) {
  const refused = async (answer) => handlers.refused?.(await problem(answer));
  return follow(API + path, { ...handlers, headers, refused });
}
