// Lets a build's page follow the build: lines of the log as they come, what is above them anew when it changes. For the admin it
// rebuilds, cancels and rolls back.

import { perform, say } from "./actions.js";
import { tick } from "./clock.js";

/** Lines that browsers lay out together, as the server has them. */
const CHUNK = 200;

const log = document.getElementById("log");
const folds = document.getElementById("folds");
const said = document.getElementById("said");
const follow = document.getElementById("follow");
const build = log.dataset.build;

const isOn = (button) => button.ariaPressed === "true";

// The log

/** @type {{ stage: string, html: string }[]} lines that are not shown yet */
let waiting = [];

function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** The fold for lines of a stage that come now. */
function foldOf(stage) {
  const last = folds.querySelector(".fold:last-of-type");
  if (last?.dataset.stage === stage) return last;
  if (last && isOn(follow) && atEnd()) last.open = false;
  document.getElementById("none")?.remove();
  const fold = document.getElementById("fold").content.firstElementChild.cloneNode(true);
  fold.dataset.stage = stage;
  fold.querySelector(".name").textContent = stage;
  folds.append(fold);
  return fold;
}

function chunkOf(lines) {
  const last = lines.lastElementChild;
  if (last && last.childElementCount < CHUNK) return last;
  const chunk = document.createElement("div");
  chunk.className = "chunk";
  lines.append(chunk);
  return chunk;
}

function atEnd() {
  const page = document.documentElement;
  return page.scrollHeight - scrollY - innerHeight < 80;
}

/** Shows what has come, all at once. */
function flush() {
  const keep = isOn(follow) && atEnd();
  const touched = new Set();
  for (const { stage, html } of waiting) {
    const fold = foldOf(stage);
    chunkOf(fold.querySelector(".lines")).append(made(html));
    touched.add(fold);
  }
  waiting = [];
  for (const fold of touched) {
    const count = fold.querySelectorAll(".line").length;
    fold.querySelector(".count").textContent = count === 1 ? "1 line" : `${count} lines`;
  }
  pointToError();
  if (keep && touched.size) scrollTo({ top: document.documentElement.scrollHeight });
}

/** @param {MessageEvent} event a line */
function take(event) {
  if (!waiting.length) setTimeout(flush, 50);
  waiting.push(JSON.parse(event.data));
}

const firstError = document.getElementById("first-error");

function pointToError() {
  if (!firstError.hidden) return;
  const line = folds.querySelector('.line[data-kind="error"]');
  if (!line) return;
  firstError.href = `#${line.id}`;
  firstError.hidden = false;
}

/** Opens the fold of the line that the address names. */
function reveal() {
  const line = /^#L\d+$/.test(location.hash) && document.querySelector(location.hash);
  if (!line) return;
  line.closest("details").open = true;
  const show = () => line.scrollIntoView({ block: "center" });
  show();
  requestAnimationFrame(() => requestAnimationFrame(show)); // what was not laid out before may have moved it
}

addEventListener("hashchange", reveal);
firstError.addEventListener("click", () => firstError.hash === location.hash && reveal());
document.addEventListener("keydown", (event) => {
  const other = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, dialog");
  if (event.key !== "e" || other || firstError.hidden) return;
  event.preventDefault();
  firstError.click();
});

const toggles = {
  follow: (on) => on && scrollTo({ top: document.documentElement.scrollHeight }),
  times: (on) => log.classList.toggle("timed", on),
  unfold: (on) => folds.querySelectorAll("details").forEach((fold) => (fold.open = on)),
};
for (const [id, toggle] of Object.entries(toggles)) {
  const button = document.getElementById(id);
  button.addEventListener("click", () => {
    button.ariaPressed = String(!isOn(button));
    toggle(isOn(button));
  });
}

// What is above it

const isSame = (one, other) => one.dataset.does === other.dataset.does && one.getAttribute("href") === other.getAttribute("href");

/** Takes the summary from the server's own page, so that there is one place that writes it. */
async function refresh() {
  const answer = await fetch(`/builds/${build}?log=none`, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const old = document.getElementById("summary");
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  const summary = fresh.getElementById("summary");
  old.replaceWith(summary);
  if (focused) ([...summary.querySelectorAll(focused.localName)].find((one) => isSame(one, focused)) ?? said).focus();
  document.title = fresh.title;
  tick();
}

/** Colours the folds as their stages stand. @param {object} it the build as the API tells it */
function showStages(it) {
  for (const { name, state } of it.stages) {
    const fold = [...folds.children].findLast((one) => one.dataset.stage === name);
    if (fold && fold.dataset.state !== state) {
      fold.dataset.state = state;
      if (state === "failed") fold.open = true;
    }
  }
}

function outcome(it) {
  return it.state === "failed" ? `Build ${build} failed at ${it.failedStage}.` : `Build ${build}: ${it.state}.`;
}

function followBuild() {
  let refreshed = Promise.resolve();
  let it;
  const events = new EventSource(`/api/v1/builds/${build}/events?html=true&after=${log.dataset.lines}`);
  events.addEventListener("line", take);
  events.addEventListener("state", (event) => {
    it = JSON.parse(event.data);
    refreshed = refreshed.then(refresh, refresh).then(() => showStages(it));
  });
  events.addEventListener("end", () => {
    events.close();
    flush();
    follow.hidden = true;
    log.dataset.live = "false";
    if (it) refreshed.finally(() => say(outcome(it), it.state === "failed"));
  });
}

// The admin's actions

perform({
  rebuild: {
    request: () => ["POST", `/builds/${build}/rebuild`],
    meanwhile: "It is being built again.",
    then: (it) => location.assign(`/builds/${it.build}`),
  },
  cancel: {
    confirm: () => ({
      title: `Cancel build ${build}?`,
      words: "What is live stays live. The build can be run again later.",
      yes: "Cancel the build",
    }),
    request: () => ["POST", `/builds/${build}/cancel`],
    meanwhile: "It is being cancelled.",
    then: () => say("It ends in a moment."),
  },
  rollback: {
    confirm: () => ({
      title: "Roll back?",
      words: "This build's version becomes live at once, in the place of the one that is live now.",
      yes: "Roll back",
    }),
    request: (button) => ["POST", `/apps/${button.parentElement.dataset.app}/rollback`, { version: Number(build) }],
    meanwhile: "The app is being rolled back.",
    then: async () => {
      await refresh();
      say(`The version of build ${build} is live.`);
    },
  },
});

reveal();
if (log.dataset.live === "true") {
  if (!location.hash && atEnd()) scrollTo({ top: document.documentElement.scrollHeight });
  followBuild();
}
