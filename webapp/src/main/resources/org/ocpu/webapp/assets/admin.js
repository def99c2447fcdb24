// The admin's page: the token, which part is shown, and what keeps it current.

import { ask, listen, Refused, setToken } from "./admin-api.js";
import { loadErrors, showError } from "./admin-errors.js";
import { loadEngines, loadMail, loadSyncs } from "./admin-lists.js";
import { closeLog, openLog } from "./admin-log.js";
import { addPoint, showPoints, showStatus } from "./admin-overview.js";
import { loadSettings } from "./admin-settings.js";
import { loadStorage } from "./admin-storage.js";

/** What to do when a part of the page is opened, and when its Refresh is clicked. */
const loaders = {
  overview: () => {},
  engines: loadEngines,
  storage: loadStorage,
  syncs: loadSyncs,
  mail: loadMail,
  settings: loadSettings,
  errors: loadErrors,
  log: openLog,
};

const form = document.getElementById("sign-in");
const field = document.getElementById("token");
const wrong = document.getElementById("sign-in-wrong");
const shown = document.getElementById("console");
const connection = document.getElementById("connection");
const said = document.getElementById("said");

let stop;

/** Tells what came of a click. @param {string} words */
function say(words, failed = false) {
  said.textContent = words;
  said.classList.toggle("wrong", failed);
}

/** Runs what the admin asked for; what goes wrong is told, and without a right token the page asks for it. */
async function act(work) {
  try {
    await work();
  } catch (failure) {
    if (failure instanceof Refused) signOut(failure.message);
    else say(failure.message, true);
  }
}

function showConnection(state, words) {
  connection.hidden = false;
  connection.dataset.state = state;
  if (connection.textContent !== words) connection.textContent = words;
}

function follow() {
  let known = false;
  return listen("/status/events", {
    on: {
      status: (status) => {
        showConnection("open", "Live");
        showStatus(status);
      },
      point: addPoint,
      dropped: () => act(async () => showPoints(await ask("GET", "/metrics"))),
    },
    opened: () => {
      if (known) act(async () => showPoints(await ask("GET", "/metrics"))); // those that came meanwhile
      known = true;
    },
    lost: (seconds) => showConnection("lost", `The connection is lost. Trying again in ${seconds} s.`),
    refused: (failure) => signOut(failure.message),
  });
}

/** @param {string} token */
async function signIn(token) {
  setToken(token);
  showPoints(await ask("GET", "/metrics"));
  form.hidden = true;
  wrong.hidden = true;
  shown.hidden = false;
  field.value = "";
  say("");
  stop = follow();
  await route();
}

/** @param {string} why empty: the admin wants to */
function signOut(why) {
  setToken("");
  stop?.();
  stop = undefined;
  closeLog();
  say("");
  shown.hidden = true;
  connection.hidden = true;
  form.hidden = false;
  wrong.hidden = !why;
  wrong.textContent = why;
  if (why) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  field.focus();
  field.select();
}

/** Which part the address names, and the error of it, as in #error-1a2b3c4d. */
function asked() {
  const name = location.hash.slice(1);
  const error = /^error-([\w-]+)$/.exec(name)?.[1];
  return { part: error ? "errors" : name in loaders ? name : "overview", error };
}

async function route() {
  const { part, error } = asked();
  for (const name of Object.keys(loaders)) document.getElementById(`part-${name}`).hidden = name !== part;
  for (const link of shown.querySelectorAll(".sections a")) {
    if (link.hash === `#${part}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  if (part !== "log") closeLog();
  say("");
  await act(() => loaders[part](act, say));
  await act(() => showError(error ?? ""));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = field.value.trim();
  if (!token) return;
  try {
    await signIn(token);
  } catch (failure) {
    signOut(failure.message);
  }
});
document.getElementById("sign-out").addEventListener("click", () => signOut(""));
document.addEventListener("click", (event) => {
  const part = event.target.closest("[data-refresh]")?.dataset.refresh;
  if (part) act(() => loaders[part](act, say));
});
addEventListener("hashchange", () => {
  if (shown.hidden) return;
  scrollTo(0, 0);
  route();
});
// A page that is left knows no token any more, also when it is kept for the way back.
addEventListener("pagehide", () => signOut(""));
if (asked().error) field.placeholder = "to see the error";
field.focus();
