// The settings in force, those that somebody set first.

import { ask } from "./admin-api.js";
import { count, el, empty, table } from "./dom.js";

const text = document.getElementById("settings-text");
const origin = document.getElementById("settings-origin");
const found = document.getElementById("settings-found");
const list = document.getElementById("settings-list");

let settings = [];

const isSet = (setting) => setting.origin !== "default";
const from = (setting) => (setting.line ? `${setting.origin}, line ${setting.line}` : setting.origin);
const shown = (value) => (value === undefined ? el("span", { class: "quiet" }, "none") : el("code", {}, value));

function matches(setting) {
  const words = text.value.trim().toLowerCase();
  const all = [setting.key, setting.secret ? "" : (setting.value ?? ""), from(setting)].join("\n").toLowerCase();
  return all.includes(words) && (!origin.value || isSet(setting) === (origin.value === "set"));
}

function row(setting) {
  return [
    el("code", { class: "key" }, setting.key),
    setting.secret && setting.value !== undefined ? [shown(setting.value), el("span", { class: "quiet small" }, " secret")] : shown(setting.value),
    shown(setting.default),
    isSet(setting) ? el("strong", { class: "origin" }, from(setting)) : el("span", { class: "quiet" }, "default"),
  ];
}

function show() {
  const rows = settings.filter(matches);
  found.textContent = `${rows.length} of ${count(settings.length, "setting")}`;
  list.replaceChildren(rows.length ? table("Settings", ["Setting", "Value", "Default", "From"], rows.map(row)) : empty("No setting is like that."));
}

export async function loadSettings() {
  settings = await ask("GET", "/settings");
  settings.sort((a, b) => isSet(b) - isSet(a));
  show();
}

document.getElementById("settings-filter").addEventListener("submit", (event) => event.preventDefault());
text.addEventListener("input", show);
origin.addEventListener("change", show);
