// Runs a script as R's console would, each expression by itself: the script is a file of one session, run in another.

import { ROOT, ApiError, answer } from "./api.js";

const KEYS = /\bx0[0-9a-f]{8,}\b/g;

/** @param {string} script @returns {string} the sessions that it names, whose objects it is to find; with commas between */
export const keysIn = (script) => [...new Set(script.match(KEYS) ?? [])].join(",");

/**
 * @param {string} script
 * @param {AbortSignal} signal
 * @returns {Promise<{request: Request, response: Response}>} of the request that ran it, or that brought it if that went wrong
 * @throws {Error} when there is no answer
 */
export async function run(script, signal) {
  const form = new FormData();
  form.append("x", new File([script], "script.R"));
  const bringing = new Request(new URL("library/base/R/identity", ROOT), { method: "POST", body: form });
  const brought = await answer(bringing, signal);
  if (!brought.ok) return { request: bringing, response: brought };
  const key = brought.headers.get("X-ocpu-session");
  if (!key) throw new ApiError(0, "The server did not say which session has the script.");
  const request = runRequest(key, keysIn(script));
  return { request, response: await answer(request, signal) };
}

function runRequest(key, keys) {
  const body = new URLSearchParams(keys ? { sessions: keys } : {});
  return new Request(new URL(`tmp/${key}/files/script.R`, ROOT), { method: "POST", body });
}

/** @param {string} script @returns {string} its first line that says something */
export function titleOf(script) {
  const line = script.split("\n").find((each) => each.trim() && !/^\s*#/.test(each)) ?? "script";
  return line.trim().slice(0, 60);
}
