// Short words for what every part of the page does with its elements.

/** @param {string} id @returns {HTMLElement} */
export const $ = (id) => document.getElementById(id);

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {object} [properties] of the element; those with a dash or of the name "role" are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/** @param {string} label @param {() => void} action @param {object} [properties] @returns {HTMLButtonElement} */
export function button(label, action, properties = {}) {
  const made = element("button", { type: "button", textContent: label, ...properties });
  made.addEventListener("click", action);
  return made;
}

/** @param {string} id of a template of the page @returns {HTMLElement} a copy of what it holds */
export const fromTemplate = (id) => $(id).content.firstElementChild.cloneNode(true);

let numbers = 0;

/** @param {string} prefix @returns {string} an id that no element has yet */
export const freshId = (prefix) => `${prefix}-${(numbers += 1)}`;

/** @param {number} bytes @returns {string} */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/**
 * A choice of which one is taken, as a row of buttons.
 *
 * @param {string} label
 * @param {string[]} names
 * @param {(name: string) => void} chosen
 * @returns {HTMLElement & {choose: (name: string) => void}}
 */
export function choice(label, names, chosen) {
  const group = element("div", { className: "choice", role: "group", "aria-label": label });
  const press = (name) => {
    for (const each of group.children) each.setAttribute("aria-pressed", String(each.textContent === name));
    chosen(name);
  };
  group.append(...names.map((name) => button(name, () => press(name), { "aria-pressed": "false" })));
  return Object.assign(group, { choose: press });
}
