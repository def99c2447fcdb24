// Arguments by hand: rows of a name, a kind and a value.

import { $, button, element } from "./dom.js";
import { ValueField } from "./value-field.js";

export class ArgumentRows {
  #rows = [];

  /** @param {HTMLElement} place @param {() => void} changed */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
  }

  /** @param {import("./request.js").Argument[]} args */
  fill(args) {
    this.#rows = [];
    this.place.replaceChildren();
    for (const arg of args) this.add(arg);
  }

  /** @returns {import("./request.js").Argument[]} */
  read() {
    return this.#rows.map(({ name, value }) => ({ name: name.value.trim(), ...value.read() }));
  }

  /** @param {Partial<import("./request.js").Argument>} argument @returns {HTMLInputElement} where its name is */
  add(argument) {
    const name = element("input", { value: argument.name ?? "", autocomplete: "off", autocapitalize: "off", spellcheck: false, "aria-label": "Name", dataset: { part: "name" } });
    const value = new ValueField({ argument }, this.changed);
    const row = { name, value, element: element("div", { className: "argument", dataset: { part: "row" } }) };
    const remove = button("×", () => this.#remove(row), { "aria-label": "Remove this argument", dataset: { part: "remove" } });
    row.element.append(name, value.element, remove);
    this.#rows.push(row);
    this.place.append(row.element);
    return name;
  }

  /** Puts a file where a person would choose one. */
  attach(file) {
    const row = this.#rows.find(({ value }) => value.kind.value === "file");
    const chosen = new DataTransfer();
    chosen.items.add(file);
    row.value.field.files = chosen.files;
  }

  #remove(row) {
    const at = this.#rows.indexOf(row);
    this.#rows.splice(at, 1);
    row.element.remove();
    (this.#rows[at] ?? this.#rows[at - 1])?.name.focus();
    if (!this.#rows.length) $("add-value").focus();
    this.changed();
  }
}
