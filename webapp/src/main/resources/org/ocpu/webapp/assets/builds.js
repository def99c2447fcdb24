// Keeps the list of builds current by the server's events, finds while one types, and moves from build to build by keys.

import { tick } from "./clock.js";

const SOON = 400; // milliseconds, so that what comes together is asked for once

const form = document.getElementById("search");
const list = document.getElementById("list");
const newer = document.getElementById("newer");

/** @param {ParentNode} within @returns {HTMLTableRowElement[]} */
const rows = (within) => [...within.querySelectorAll("tr[data-build]")];
const numberOf = (row) => Number(row.dataset.build);

/** The newest search's. @type {AbortController | undefined} */
let running;

/** The address of the newest builds that the form asks for. */
function address() {
  const asked = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
  return asked.size ? `/builds?${asked}` : "/builds";
}

/** The server's own list. @param {string} page its address @param {AbortSignal} [signal] */
async function listAt(page, signal) {
  const answer = await fetch(page, { headers: { Accept: "text/html" }, signal });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("list");
  if (!fresh) throw new Error(`The server answered with status ${answer.status}.`);
  return fresh;
}

/** Puts a list in the place of the one that is shown; the line that tells what was found stays, so that it is told. */
function replaceBy(fresh) {
  const found = document.getElementById("found");
  const words = fresh.querySelector("#found").textContent;
  if (found.textContent !== words) found.textContent = words;
  list.dataset.first = fresh.dataset.first;
  newer.hidden = true;
  list.replaceChildren(found, newer, ...[...fresh.children].filter((part) => !["found", "newer"].includes(part.id)));
  tick();
}

/** @param {string} page its address */
async function show(page) {
  running?.abort();
  const mine = (running = new AbortController());
  list.ariaBusy = "true";
  try {
    replaceBy(await listAt(page, mine.signal));
  } catch (failure) {
    if (mine.signal.aborted) return;
    document.getElementById("found").textContent = `The builds cannot be listed: ${failure.message}`;
  }
  list.ariaBusy = "false";
}

let typed;

function search() {
  clearTimeout(typed);
  typed = setTimeout(() => {
    history.replaceState(null, "", address());
    show(address());
  }, 150);
}

form.addEventListener("input", search);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});

/** Puts into a row what another has, as far as they differ, so that nothing moves and no focus is lost. */
function update(row, fresh) {
  row.dataset.state = fresh.dataset.state;
  [...row.cells].forEach((cell, i) => {
    if (cell.innerHTML !== fresh.cells[i].innerHTML) cell.innerHTML = fresh.cells[i].innerHTML;
  });
}

/** @param {string} html of a row */
function made(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector("tr");
}

/** Whether rows that come on top would move what somebody reads. */
function isRead() {
  return list.dataset.first !== "true" || list.getBoundingClientRect().top < 0 || list.contains(document.activeElement);
}

let looking = false;
let again = false;

/** Looks whether there are builds that are not listed yet, once at a time. */
async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  await new Promise((later) => setTimeout(later, SOON));
  again = false;
  try {
    take(await listAt(address()));
  } catch (failure) {
    document.getElementById("found").textContent = `The builds cannot be listed: ${failure.message}`;
  }
  looking = false;
  if (again) look();
}

/** @param {HTMLElement} fresh the newest builds */
function take(fresh) {
  const shown = new Map(rows(list).map((row) => [numberOf(row), row]));
  const unknown = rows(fresh).filter((row) => !shown.has(numberOf(row)));
  for (const row of rows(fresh)) if (shown.has(numberOf(row))) update(shown.get(numberOf(row)), row);
  if (!unknown.length) return;
  if (!isRead()) return replaceBy(fresh);
  const newest = Math.max(0, ...shown.keys());
  const count = list.dataset.first === "true" ? unknown.length : unknown.filter((row) => numberOf(row) > newest).length;
  if (!count) return;
  const words = count === 1 ? "1 new build" : `${count} new builds`;
  newer.querySelector("button").textContent = words;
  newer.hidden = false;
}

newer.querySelector("button").addEventListener("click", async () => {
  history.replaceState(null, "", address());
  await show(address());
  scrollTo({ top: 0 });
  rows(list)[0]?.querySelector("a").focus();
});

/** @param {MessageEvent} event that a build has changed */
function changed(event) {
  const { build, html } = JSON.parse(event.data);
  const row = rows(list).find((one) => numberOf(one) === build);
  if (row) update(row, made(html));
  else look();
  tick();
}

const events = new EventSource("/api/v1/builds/events?html=true");
events.addEventListener("state", changed);
events.addEventListener("missed", look);
events.addEventListener("open", look); // what happened before, or while there was no connection

/** From row to row, as long as one is in the list. */
const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

list.addEventListener("keydown", (event) => {
  const row = event.target.closest("tr[data-build]");
  const step = steps[event.key];
  if (!row || !step || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = rows(list);
  const next = all[all.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  next.querySelector("a").focus();
});
