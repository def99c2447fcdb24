// The last errors that nobody expected. Each has an address, #error-ID.

import { ask } from "./admin-api.js";
import { clock, el, empty, table, when } from "./dom.js";

const field = document.getElementById("error-id");
const shown = document.getElementById("error-shown");
const list = document.getElementById("error-list");

function row(error) {
  return [
    el("a", { href: `#error-${error.id}` }, error.id),
    when(error.at),
    el("code", {}, `${error.method} ${error.path}`),
    `${error.type.replace(/.*\./, "")}: ${error.message}`,
  ];
}

export async function loadErrors() {
  const errors = await ask("GET", "/errors");
  list.replaceChildren(
    errors.length ? table("Errors", ["Id", "When", "Request", "What"], errors.map(row)) : empty("Nothing unexpected since the server started."),
  );
}

/** @param {string} id empty: none */
export async function showError(id) {
  field.value = id;
  if (!id) {
    shown.replaceChildren();
    return;
  }
  try {
    const error = await ask("GET", `/errors/${encodeURIComponent(id)}`);
    const fact = (name, value) => [el("dt", {}, name), el("dd", {}, value)];
    shown.replaceChildren(
      el(
        "div",
        { class: "failure", id: `error-${error.id}`, tabindex: "-1" },
        el("h3", {}, `Error ${error.id}`),
        el("dl", { class: "facts" }, ...fact("When", clock(new Date(error.at))), ...fact("Request", el("code", {}, `${error.method} ${error.path}`)), ...fact("What", `${error.type}: ${error.message}`)),
        el("pre", { tabindex: "0", "aria-label": "Stack trace" }, error.trace),
      ),
    );
  } catch (failure) {
    if (failure.constructor !== Error) throw failure;
    shown.replaceChildren(el("p", { class: "failure", tabindex: "-1" }, failure.message));
  }
  shown.firstElementChild.focus();
}

document.getElementById("error-search").addEventListener("submit", (event) => {
  event.preventDefault();
  const id = field.value.trim().replace(/[^\w-]/g, "");
  if (`#error-${id}` === location.hash) showError(id);
  else location.hash = id ? `error-${id}` : "errors";
});
