// What this browser remembers: the sessions that were made here, and the scripts that ran. It stays in the browser.

import { ROOT } from "./api.js";
import { button, element } from "./dom.js";

/** A list in the browser's storage, newest first; of equal ids one is kept. Where pages have no storage it is empty. */
export class Kept extends EventTarget {
  /** @param {string} name @param {number} most how many are kept */
  constructor(name, most) {
    super();
    this.name = `ocpu.${name}:${ROOT.pathname}`;
    this.most = most;
    addEventListener("storage", ({ key }) => key === this.name && this.dispatchEvent(new Event("change")));
  }

  /** @returns {{id: string, title: string, at: number}[]} */
  all() {
    try {
      const entries = JSON.parse(localStorage.getItem(this.name) ?? "[]");
      return Array.isArray(entries) ? entries.filter((entry) => typeof entry?.id === "string") : [];
    } catch {
      return []; // blocked, or written by something else
    }
  }

  /** @param {string} id @param {string} title */
  add(id, title) {
    this.#write([{ id, title, at: Date.now() }, ...this.all().filter((entry) => entry.id !== id)].slice(0, this.most));
  }

  /** @param {string} id */
  remove(id) {
    this.#write(this.all().filter((entry) => entry.id !== id));
  }

  clear() {
    this.#write([]);
  }

  #write(entries) {
    try {
      localStorage.setItem(this.name, JSON.stringify(entries));
    } catch {
      return; // blocked or full: what is remembered is a convenience
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** Their ids are keys, which are secrets. */
export const sessions = new Kept("sessions", 100);

/** Their ids are the scripts themselves. */
export const scripts = new Kept("scripts", 50);

/** @param {number} at @returns {string} */
export function when(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/**
 * @param {Kept} kept
 * @param {string} nothing what is said when there is none
 * @param {(id: string, title: string) => void} open
 * @returns {HTMLElement} the list, which follows what is kept
 */
export function keptList(kept, nothing, open) {
  const list = element("ul", { className: "kept" });
  const empty = element("p", { className: "quiet", textContent: nothing });
  const all = button("Forget all", () => kept.clear(), { className: "small" });
  const show = () => {
    const entries = kept.all();
    list.replaceChildren(...entries.map((entry) => item(kept, entry, open)));
    empty.hidden = entries.length > 0;
    list.hidden = all.hidden = entries.length === 0;
  };
  kept.addEventListener("change", show);
  show();
  return element("div", {}, empty, list, all);
}

function item(kept, { id, title, at }, open) {
  const time = element("time", { dateTime: new Date(at).toISOString(), textContent: when(at) });
  const remove = button("×", () => kept.remove(id), { className: "small", "aria-label": `Forget ${title}` });
  return element("li", {}, button(title, () => open(id, title), { className: "open" }), time, remove);
}
