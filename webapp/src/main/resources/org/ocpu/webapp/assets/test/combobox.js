// A field with a list of what can be typed, as the ARIA Authoring Practices describe an editable combobox with list autocomplete.

import { element, freshId } from "./dom.js";

const MOST = 100;

/** @typedef {{value: string, note?: string}} Option */

export class Combobox {
  /** @type {Option[]} */
  #options = [];
  #taken = "";

  /**
   * @param {string} label
   * @param {(value: string) => void} picked is told what was chosen, or typed and left
   */
  constructor(label, picked) {
    this.picked = picked;
    const id = freshId("list");
    this.list = element("ul", { id, role: "listbox", "aria-label": label, hidden: true });
    this.input = element("input", {
      id: freshId("field"), role: "combobox", autocomplete: "off", autocapitalize: "off", spellcheck: false,
      "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
    });
    this.element = element("div", { className: "combobox field" }, element("label", { for: this.input.id, textContent: label }), this.input, this.list);
    this.input.addEventListener("input", () => this.#open());
    this.input.addEventListener("click", () => this.#open(""));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#take(this.input.value));
    this.list.addEventListener("mousedown", (event) => this.#press(event));
  }

  get value() {
    return this.input.value.trim();
  }

  set value(value) {
    this.input.value = this.#taken = value;
  }

  /** @param {Option[]} options */
  set options(options) {
    this.#options = options;
    const isTyped = document.activeElement === this.input && this.value !== this.#taken;
    if (!this.list.hidden || isTyped) this.#open(); // it came while something was typed
  }

  get options() {
    return this.#options;
  }

  /** @param {string} [typed] nothing: all of it is listed */
  #open(typed = this.value) {
    const found = matching(this.#options, typed);
    const items = found.slice(0, MOST).map(({ value, note }) => {
      const item = element("li", { id: freshId("option"), role: "option", "aria-selected": "false", dataset: { value } }, value);
      if (note) item.append(" ", element("span", { className: "quiet", textContent: note }));
      return item;
    });
    if (found.length > MOST) items.push(remark(`${(found.length - MOST).toLocaleString("en")} more: type on`));
    if (!found.length && this.#options.length) items.push(remark("Nothing like this is here."));
    this.list.replaceChildren(...items);
    this.#show(items.length > 0);
  }

  #show(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    if (!shown) this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.#open("");
      this.#move(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#take(this.#active()?.dataset.value ?? this.value);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.#show(false);
    }
  }

  #active() {
    return this.list.hidden ? null : this.list.querySelector('[aria-selected="true"]');
  }

  #move(by) {
    const items = [...this.list.querySelectorAll('[role="option"][data-value]')];
    if (!items.length) return;
    const now = items.indexOf(this.#active());
    const next = items[(now + by + items.length + (now < 0 && by < 0 ? 1 : 0)) % items.length];
    for (const item of items) item.setAttribute("aria-selected", String(item === next));
    this.input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  #press(event) {
    event.preventDefault(); // the field keeps the focus
    const item = event.target.closest("[data-value]");
    if (item) this.#take(item.dataset.value);
  }

  #take(value) {
    this.#show(false);
    this.input.value = value.trim();
    if (this.value === this.#taken) return;
    this.#taken = this.value;
    this.picked(this.value);
  }
}

const remark = (words) => element("li", { role: "option", "aria-disabled": "true", className: "quiet", textContent: words });

/** Those that begin with what was typed come first, then those that have it, then those whose note has it. */
function matching(options, typed) {
  const words = typed.toLowerCase();
  if (!words) return options;
  const rank = ({ value, note = "" }) => {
    const at = value.toLowerCase().indexOf(words);
    return at === 0 ? 0 : at > 0 ? 1 : note.toLowerCase().includes(words) ? 2 : 3;
  };
  return options.map((option) => ({ option, rank: rank(option) })).filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank).map((each) => each.option);
}
