// Requests that need the admin token, which is asked for once.

const KEY = "ocpu.admin.token";

const dialog = document.getElementById("token");
const form = dialog?.querySelector("form");
const field = form?.querySelector("input");

/**
 * Pages of apps and packages have the server's address too, so their scripts could read what this tab stores: the token
 * does not outlive the page.
 */
addEventListener("pagehide", () => sessionStorage.removeItem(KEY));

let answer = "";

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  answer = field.value.trim();
  dialog.close();
});
form?.querySelector("[type=button]").addEventListener("click", () => dialog.close());

/** @returns {Promise<string>} what was typed; empty when the dialog was left */
function ask() {
  return new Promise((resolve) => {
    answer = "";
    dialog.addEventListener(
      "close",
      () => {
        field.value = "";
        resolve(answer);
        answer = "";
      },
      { once: true },
    );
    dialog.showModal();
  });
}

async function send(method, path, token, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body) headers["Content-Type"] = "application/json";
  try {
    return await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  } catch {
    throw new Error("The server cannot be reached.");
  }
}

/** @param {Response} answer that is no success; its body is a problem (RFC 9457) unless something between answered */
async function problem(answer) {
  const said = await answer.json().catch(() => ({}));
  return said.detail ?? `The server answered with status ${answer.status}.`;
}

/**
 * A request of the JSON API as the admin.
 *
 * @param {() => void} begin called when there is a token
 * @param {object} [body]
 * @returns {Promise<object | undefined>} what it answers; nothing when no token was given
 * @throws {Error} with what to tell the admin
 */
export async function asAdmin(method, path, begin, body) {
  const token = sessionStorage.getItem(KEY) ?? (await ask());
  if (!token) return undefined;
  begin();
  sessionStorage.setItem(KEY, token);
  const answer = await send(method, path, token, body);
  if (answer.ok) return answer.status === 204 ? {} : answer.json();
  if (answer.status === 401 || answer.status === 403) sessionStorage.removeItem(KEY);
  throw new Error(await problem(answer));
}
