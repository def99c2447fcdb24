// The arguments of a function as a form, made from its formals and its manual.

import { ROOT } from "./api.js";
import { button, element, freshId } from "./dom.js";
import { linkTo } from "./request.js";
import { ArgumentRows } from "./arguments.js";
import { ValueField } from "./value-field.js";

export class ArgumentForm {
  #fields = [];
  #extra = null;

  /** @param {HTMLElement} place @param {() => void} changed */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
  }

  clear() {
    this.#fields = [];
    this.#extra = null;
    this.place.replaceChildren();
  }

  /**
   * @param {{arguments: {name: string, default?: string, required?: boolean, description?: string, choices?: string[]}[]}} about
   * @param {import("./request.js").Argument[]} args what is filled in
   */
  show(about, args) {
    this.#fields = about.arguments.map((formal) => this.#field(formal, args.find(({ name }) => name === formal.name)));
    const rest = element("div");
    this.#extra = new ArgumentRows(rest, this.changed);
    this.#extra.fill(args.filter(({ name }) => !about.arguments.some((formal) => formal.name === name)));
    const dots = about.arguments.some(({ name }) => name === "...");
    const add = button("Add a named argument", () => this.#extra.add({}).focus(), { id: "add-named", hidden: !dots });
    this.place.replaceChildren(...this.#fields.map(({ element: row }) => row), rest, add);
    if (!about.arguments.length) this.place.prepend(element("p", { className: "quiet", textContent: "It takes no arguments." }));
  }

  /** @returns {import("./request.js").Argument[]} those with a value */
  read() {
    const filled = this.#fields.map(({ name, field }) => ({ name, ...field.read() })).filter(({ value }) => value !== "");
    return [...filled, ...(this.#extra?.read() ?? [])];
  }

  #field(formal, argument) {
    const { name } = formal;
    const help = freshId("help");
    const id = freshId("argument");
    const isDots = name === "...";
    const placeholder = isDots ? "1, 'two', three = 3" : (formal.default ?? "");
    const field = new ValueField({ label: name, placeholder, choices: formal.choices?.map((choice) => JSON.stringify(choice)), describedBy: help, id, argument }, this.changed);
    const label = element("label", { for: id }, element("code", { textContent: name }));
    if (formal.required && !isDots) label.append(" ", element("span", { className: "required", textContent: "required" }));
    const text = formal.description || (isDots ? "More arguments, as in a call." : "");
    const row = element("div", { className: "formal", dataset: { argument: name } }, label, field.element, element("p", { id: help, className: "help", textContent: text }));
    return { name, field, element: row };
  }
}

/**
 * What a function is, above its form; or a data set, or another object.
 *
 * @param {string} home path of its package
 * @param {string} packageName
 * @param {{name: string, title?: string, description?: string, topic?: string, class?: string, rows?: number, columns?: number}} about
 * @param {boolean} isFunction
 * @returns {HTMLElement}
 */
export function heading(home, packageName, { name, title, description, topic, class: kind, rows, columns }, isFunction) {
  const manual = topic && element("a", { textContent: "Manual page", href: new URL(`${home}man/${encodeURIComponent(topic)}/html`, ROOT).href, target: "_blank", rel: "noopener" });
  const view = element("div", { className: "about" }, element("h2", {}, element("code", { textContent: `${packageName}::${name}` }), title ? ` ${title}` : ""));
  if (description) view.append(element("p", { className: "description", textContent: description, tabIndex: 0, role: "region", "aria-label": "Description" }));
  const size = rows && columns ? `${kind}, ${rows.toLocaleString("en")} rows, ${columns.toLocaleString("en")} columns` : kind;
  const source = isFunction && element("a", { textContent: "Source", href: linkTo(`${home}R/${name}/print`) });
  view.append(element("p", { className: "links" }, ...[size, manual, source].filter(Boolean)));
  return view;
}
