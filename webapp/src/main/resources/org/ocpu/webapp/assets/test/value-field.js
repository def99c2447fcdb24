// The value of an argument: R code, JSON, text, a file or a session, and the field that goes with each.

import { Combobox } from "./combobox.js";
import { element, freshId } from "./dom.js";
import { sessions, when } from "./kept.js";

const KINDS = { code: "R code", json: "JSON", text: "Text", file: "File", session: "Session" };

/** Whether the server takes R code in arguments; without it, what it calls code is constants and names. */
const CODE = document.getElementById("explorer").dataset.code === "true";

export class ValueField {
  /**
   * @param {object} wish
   * @param {string} [wish.label] what the value is of
   * @param {string} [wish.placeholder]
   * @param {string[]} [wish.choices] R code of values to choose from
   * @param {string} [wish.describedBy] id of what tells more
   * @param {import("./request.js").Argument} [wish.argument] what is in it at first
   * @param {() => void} changed
   */
  constructor(wish, changed) {
    this.wish = wish;
    this.changed = changed;
    this.kind = element("select", { "aria-label": wish.label ? `Kind of ${wish.label}` : "Kind", dataset: { part: "kind" } });
    for (const [value, label] of Object.entries(KINDS)) this.kind.append(new Option(value === "code" && !CODE ? "Constant, name" : label, value));
    this.place = element("div", { className: "place" });
    this.element = element("div", { className: "value-field" }, this.kind, this.place);
    this.kind.addEventListener("change", () => this.#ask(this.#text()));
    this.fill(wish.argument ?? {});
  }

  /** @param {Partial<import("./request.js").Argument>} argument */
  fill({ kind = "code", value = "", file }) {
    this.kind.value = file === undefined ? kind : "file";
    this.#ask(value);
  }

  /** @returns {Omit<import("./request.js").Argument, "name">} */
  read() {
    const kind = this.kind.value;
    if (kind === "file") return { file: this.field.files[0] ?? null };
    return { value: this.#text(), kind };
  }

  #text() {
    return this.kind.value === "file" || this.field.type === "file" ? "" : this.field.value;
  }

  /** What asks for a value of the kind. */
  #ask(text) {
    const makers = { file: () => this.#file(), session: () => this.#session(text) };
    const made = (makers[this.kind.value] ?? (() => this.#area(text)))();
    if (this.wish.describedBy) this.field.setAttribute("aria-describedby", this.wish.describedBy);
    if (this.wish.id) this.field.id = this.wish.id;
    this.place.replaceChildren(made);
  }

  #file() {
    this.field = element("input", { type: "file", dataset: { part: "file" }, "aria-label": this.#label("File") });
    return this.field;
  }

  #session(text) {
    const combobox = new Combobox(this.#label("Session"), () => this.changed());
    combobox.options = sessions.all().map(({ id, title, at }) => ({ value: id, note: `${title}, ${when(at)}` }));
    combobox.value = text;
    combobox.input.dataset.part = "value";
    this.field = combobox.input;
    return combobox.element;
  }

  #area(text) {
    const isCode = this.kind.value === "code";
    const properties = { value: text, autocapitalize: "off", spellcheck: false, dataset: { part: "value" }, "aria-label": this.#label("Value") };
    const placeholder = isCode ? (this.wish.placeholder ?? "") : "";
    const choices = isCode ? (this.wish.choices ?? []) : [];
    if (!choices.length) {
      this.field = element("textarea", { ...properties, rows: 1, placeholder });
      return this.field;
    }
    const list = element("datalist", { id: freshId("choices") }, ...choices.map((choice) => new Option(choice, choice)));
    this.field = element("input", { ...properties, placeholder, autocomplete: "off" });
    this.field.setAttribute("list", list.id);
    return element("div", {}, this.field, list);
  }

  #label(otherwise) {
    return this.wish.label ?? otherwise;
  }
}
