// The page of an app: languages as tabs, functions found by name and opened by address, and what R was still reading.

import { addCopyButtons } from "./copy.js";

/** The language that was chosen last, for all functions. */
let language;

/** @param {Element} snippets a section for each language */
function addTabs(snippets) {
  const sections = [...snippets.querySelectorAll("section")];
  if (snippets.dataset.tabs || sections.length < 2) return;
  snippets.dataset.tabs = "";
  const function_ = snippets.closest("details").dataset.name;
  const list = document.createElement("div");
  list.className = "tabs";
  list.role = "tablist";
  list.ariaLabel = `${snippets.dataset.label} for ${function_}`;
  sections.forEach((section, index) => {
    const tab = document.createElement("button");
    const id = `${snippets.closest("details").id}-${index}`;
    tab.type = "button";
    tab.role = "tab";
    tab.id = `${id}-tab`;
    tab.textContent = tab.dataset.language = section.dataset.language;
    section.id = id;
    tab.setAttribute("aria-controls", id);
    section.role = "tabpanel";
    section.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
  });
  list.addEventListener("click", ({ target }) => target.role === "tab" && choose(target.dataset.language));
  list.addEventListener("keydown", moveAmongTabs);
  snippets.prepend(list);
  show(snippets, language ?? sections[0].dataset.language);
}

/** Shows one language of a function. */
function show(snippets, wanted) {
  for (const tab of snippets.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.language === wanted;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const section of snippets.querySelectorAll("section")) section.hidden = section.dataset.language !== wanted;
}

/** The same language everywhere; what is looked at stays where it is. */
function choose(wanted) {
  language = wanted;
  const before = document.activeElement.getBoundingClientRect().top;
  document.querySelectorAll(".snippets[data-tabs]").forEach((snippets) => show(snippets, wanted));
  scrollBy(0, document.activeElement.getBoundingClientRect().top - before);
}

/** Arrow keys, Home and End, as in every list of tabs. @param {KeyboardEvent} event */
function moveAmongTabs(event) {
  const tabs = [...event.currentTarget.children];
  const now = tabs.indexOf(event.target);
  const to = { ArrowRight: (now + 1) % tabs.length, ArrowLeft: (now + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  tabs[to].focus();
  choose(tabs[to].dataset.language);
}

/** Gets what a function of a large package is not told with at first. @param {Element} details */
async function complete(details) {
  const link = details.querySelector(".more");
  if (!details.open || !link || details.ariaBusy === "true") return;
  details.ariaBusy = "true";
  try {
    const whole = (await fresh(link.href)).getElementById(details.id);
    if (whole && !("brief" in whole.dataset)) {
      details.replaceChildren(...whole.childNodes);
      delete details.dataset.brief;
      prepare(details);
    }
  } catch {
    // The link leads to the same.
  }
  details.ariaBusy = "false";
}

/** The server's own page. @param {string} address */
async function fresh(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`The server answered with status ${answer.status}.`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** @param {ParentNode} within */
function prepare(within) {
  within.querySelectorAll(".snippets").forEach(addTabs);
  addCopyButtons(within);
}

function filter({ target }) {
  const words = target.value.toLowerCase().split(/\s+/);
  let found = 0;
  for (const details of document.querySelectorAll("#functions .function")) {
    const text = details.querySelector("summary").textContent.toLowerCase();
    details.hidden = !words.every((word) => text.includes(word));
    if (!details.hidden) found++;
  }
  document.getElementById("matches").textContent = found === 1 ? "1 function" : `${found} functions`;
}

/** Opens what the address names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named?.tagName !== "DETAILS") return;
  named.open = true;
  named.scrollIntoView();
}

function begin() {
  prepare(document);
  for (const details of document.querySelectorAll("details[data-brief]")) {
    details.addEventListener("toggle", () => complete(details));
    complete(details);
  }
  document.getElementById("filter")?.addEventListener("input", filter);
  openNamed();
}

/** The answer of the API comes when R has read the package, however long that takes. */
async function awaitOutline() {
  const app = document.querySelector("[data-app]").dataset.app;
  await fetch(`/api/v1/packages/apps/${app}`);
  const page = await fresh(location.href);
  document.getElementById("functions").replaceWith(...page.querySelectorAll("#functions, #data"));
  begin();
}

addEventListener("hashchange", openNamed);
begin();
if (document.querySelector("#functions[data-pending]")) awaitOutline();
