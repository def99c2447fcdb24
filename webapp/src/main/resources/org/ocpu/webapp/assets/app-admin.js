// What an admin does with an app: another version live, another build, its end.

import { asAdmin } from "./token.js";

const app = document.querySelector("[data-app]").dataset.app;
const said = document.getElementById("said");
const dialog = document.getElementById("confirm");

const actions = {
  rollback: (button) => ({
    title: "Make this version live?",
    words: `${button.dataset.says} takes the place of the live one at once. The next push brings the newest again.`,
    yes: "Make it live",
    method: "POST",
    path: `/apps/${app}/rollback`,
    body: { version: Number(button.dataset.version) },
    done: () => `${button.dataset.says} is live.`,
  }),
  rebuild: () => ({
    method: "POST",
    path: `/apps/${app}/rebuild`,
    done: (build) => `Build ${build.build} is queued.`,
    follow: (build) => build.url,
  }),
  remove: () => ({
    title: `Remove ${app}?`,
    words: "Its address is gone at once, with all its versions. A later push brings it back.",
    yes: "Remove it",
    danger: true,
    method: "DELETE",
    path: `/apps/${app}`,
    done: () => `${app} was removed.`,
    follow: () => "/",
  }),
};

function say(words, failed = false) {
  said.textContent = words;
  said.classList.toggle("wrong", failed);
}

/** @returns {Promise<boolean>} whether the admin means it */
function confirmed({ title, words, yes, danger }) {
  if (!title) return Promise.resolve(true);
  dialog.querySelector("h2").textContent = title;
  document.getElementById("confirm-words").textContent = words;
  const button = dialog.querySelector("[value=yes]");
  button.textContent = yes;
  button.className = danger ? "danger" : "primary";
  dialog.returnValue = "no";
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

/** Takes the versions from the server's own page. */
async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["#versions tbody", ".facts", ".head .name"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
}

async function run(button) {
  const action = actions[button.dataset.does](button);
  if (!(await confirmed(action))) return;
  try {
    const answer = await asAdmin(action.method, action.path, () => say("One moment…"), action.body);
    if (!answer) return;
    say(action.done(answer));
    const next = action.follow?.(answer);
    if (next) location.assign(next);
    else await refresh();
    said.focus();
  } catch (failure) {
    say(failure.message, true);
  }
}

document.getElementById("versions").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-does]");
  if (button) run(button);
});
