// Lets a page follow a run of a sync: counts and the packages in work as they change, the whole report when it has ended.
// For the admin it shows what a run would change, starts one and cancels one.

import { perform, say } from "./actions.js";
import { shown, summary } from "./plan.js";

/** Failed packages shown while the run goes on; its report has more. */
const FAILURES = 100;

const finished = ["added", "updated", "removed", "failed", "skipped"];

/** @param {number} bytes as the server writes them */
function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  let unit = 0;
  for (; bytes >= 1023.95 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${Number(bytes.toFixed(1))} ${units[unit]}`;
}

/** @param {object} it the run as the API tells it */
function showRun(it) {
  const state = document.getElementById("state");
  state.textContent = state.dataset.state = it.state;
  for (const count of document.getElementById("counts").children) {
    const what = count.dataset.count;
    count.querySelector("strong").textContent = what === "bytes" ? size(it.bytes) : it[what];
  }
  const done = finished.reduce((sum, what) => sum + it[what], 0);
  const overall = document.getElementById("overall");
  overall.max = Math.max(1, it.total);
  overall.value = done;
  document.getElementById("done").textContent = `${done} of ${it.total} packages`;
}

/** A copy of what a template has. */
function made(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

/** @param {object} it a package as the API tells it */
function versions(it) {
  if (!it.before || !it.version) return it.before ?? it.version ?? "";
  return it.before === it.version ? `${it.before} changed` : `${it.before} → ${it.version}`;
}

function rowOf(name) {
  return [...document.getElementById("now").children].find((row) => row.dataset.package === name);
}

function row(it) {
  const fresh = made("package");
  fresh.dataset.package = it.name;
  fresh.querySelector("strong").textContent = it.name;
  fresh.querySelector(".quiet").textContent = versions(it);
  fresh.querySelector("progress").setAttribute("aria-label", it.name);
  document.getElementById("now").append(fresh);
  return fresh;
}

/** @param {object} it a package that is being worked on */
function showWork(it) {
  const shown = rowOf(it.name) ?? row(it);
  const progress = shown.querySelector("progress");
  const known = it.state === "downloading" && it.size > 0;
  if (known) {
    progress.max = it.size;
    progress.value = it.bytes;
  } else {
    progress.removeAttribute("value");
  }
  const waits = known && it.bytes >= it.size; // for its turn
  shown.querySelector(".step").textContent = waits ? "downloaded" : it.state;
}

function showFailure(it) {
  const failed = document.getElementById("failed");
  const title = `${it.name} failed`;
  const told = [...failed.querySelectorAll("h3")].map((heading) => heading.textContent);
  if (told.includes(title) || told.length >= FAILURES) return;
  const fresh = made("failure");
  fresh.querySelector("h3").textContent = title;
  fresh.querySelector("p").textContent = `${versions(it)}: ${it.reason ?? ""}`;
  if (it.tail) fresh.querySelector("pre").textContent = it.tail;
  else fresh.querySelector("details").remove();
  failed.append(fresh);
}

function showPackage(it) {
  if (it.state === "waiting") return;
  if (!finished.includes(it.state)) return showWork(it);
  rowOf(it.name)?.remove();
  if (it.state === "failed") showFailure(it);
}

const said = document.getElementById("said");

/** Takes an element from the server's own page, so that there is one place that writes it. */
function replace(id, fresh) {
  const old = document.getElementById(id);
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh.getElementById(id));
  if (focused) said.focus();
}

/** The page of a run has that, the page of a sync what goes on and what has been. */
async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = document.getElementById("going") ? ["sync", "going", "history"] : ["run"];
  parts.forEach((id) => replace(id, fresh));
}

/** @param {object} it the run as the API tells it */
function outcome(it) {
  const counts = [...finished, "unchanged"].filter((what) => it[what] > 0).map((what) => `${it[what]} ${what}`);
  const told = counts.join(", ");
  if (it.problem) return told ? `${told}; ${it.problem}` : it.problem;
  return told || "nothing to do";
}

/** The number of the run that the page shows while it goes on. */
function shownRun() {
  return document.getElementById("run")?.dataset.run;
}

/** @param {string} run the number of one that waits or runs, or has just ended */
function follow(run) {
  let last;
  const events = new EventSource(`/api/v1/runs/${run}/events`);
  events.addEventListener("run", (event) => {
    last = JSON.parse(event.data);
    if (shownRun() === run) showRun(last);
  });
  events.addEventListener("package", (event) => {
    if (shownRun() === run) showPackage(JSON.parse(event.data));
  });
  events.addEventListener("end", async () => {
    events.close();
    await refresh();
    say(`Run ${run} has ended, ${last.state}: ${outcome(last)}.`, last.state === "failed");
    const next = shownRun();
    if (next && next !== run) follow(next);
  });
}

const plan = document.getElementById("plan");
const api = `/syncs/${encodeURIComponent(plan?.dataset.sync)}`;

const planned = document.getElementById("planned");

/** What it shows may be true no longer. */
const begin = () => planned?.replaceChildren();

perform({
  plan: {
    request: () => ["GET", `${api}/plan`],
    meanwhile: "The repositories are being asked.",
    begin,
    then: (it) => {
      planned.replaceChildren(...shown(it));
      say(summary(it));
    },
  },
  run: {
    request: () => ["POST", `${api}/run`],
    meanwhile: "A run is being started.",
    begin,
    then: async (it) => {
      const run = String(it.run);
      const known = shownRun() === run;
      say(known ? `Run ${run} is under way already.` : `Run ${run} has begun.`);
      if (known) return;
      await refresh();
      follow(run);
    },
  },
  cancel: {
    request: (button) => ["POST", `/runs/${button.closest("[data-run]").dataset.run}/cancel`],
    meanwhile: "The run is being stopped.",
    begin,
    then: () => {},
  },
});

if (shownRun()) follow(shownRun());
