// What buttons do that need the admin: whether it is meant, the request with the token, and what is said of it.

import { asAdmin } from "./token.js";

const said = document.getElementById("said");
const dialog = document.getElementById("confirm");

/** Tells everybody what came of something. @param {string} words @param {boolean} failed */
export function say(words, failed = false) {
  said.textContent = words;
  said.classList.toggle("wrong", failed);
}

/** @param {{ title: string, words: string, yes: string, danger?: boolean }} asked @returns {Promise<boolean>} */
function confirmed({ title, words, yes, danger }) {
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-words").textContent = words;
  const button = dialog.querySelector("[value=yes]");
  button.textContent = yes;
  button.className = danger ? "danger" : "primary";
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

/**
 * @typedef {object} Action
 * @property {(button: HTMLElement) => object} [confirm] what is asked before
 * @property {(button: HTMLElement) => [string, string, object?]} request method, path below the JSON API, and body
 * @property {string} meanwhile what is said until the answer
 * @property {() => void} [begin] called when there is a token
 * @property {(answer: object, button: HTMLElement) => void | Promise<void>} then
 */

/** @param {Action} action @param {HTMLElement} button */
async function act({ confirm, request, meanwhile, begin, then }, button) {
  if (confirm && !(await confirmed(confirm(button)))) return;
  const [method, path, body] = request(button);
  const answer = await asAdmin(method, path, () => { begin?.(); say(meanwhile); }, body);
  if (answer) await then(answer, button);
}

/**
 * Has the page's buttons do what their {@code data-does} names, one after another: a click meanwhile is a slip.
 *
 * @param {Record<string, Action>} actions
 */
export function perform(actions) {
  let busy = false;
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button[data-does]");
    if (!button || busy) return;
    busy = true;
    try {
      await act(actions[button.dataset.does], button);
    } catch (failure) {
      say(failure.message, true);
    } finally {
      busy = false;
    }
  });
}
