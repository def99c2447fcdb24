// What the elements share: when they load, that the latest wishes win, and how they say that they are busy or have failed.

import { ocpu } from "./api.js";

/** How long a call that is no longer wanted may go on while a newer one waits: short ones are shown, long ones are aborted. */
const PATIENCE = 200;

const Base = globalThis.HTMLElement ?? class {};

const SHARED_CSS = `
  :host { display: flex; flex-direction: column; position: relative; min-width: 0; }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  .error {
    margin: 0; padding: 0.75rem 1rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere;
    border: 1px solid; border-inline-start-width: 4px; border-radius: var(--ocpu-radius, 0.5rem); background: Canvas;
    color: var(--ocpu-bad, #b91c1c); color: var(--ocpu-bad, light-dark(#b91c1c, #fca5a5)); font-size: 0.9rem;
  }
  .busy { position: absolute; inset: 0 0 auto; height: 3px; overflow: hidden; opacity: 0; pointer-events: none; z-index: 1; }
  .busy::before { content: ""; position: absolute; inset: 0 60% 0 0; background: var(--ocpu-accent, Highlight); }
  :host([aria-busy="true"]) .busy { opacity: 1; transition: opacity 0s 0.3s; }
  @media (prefers-reduced-motion: no-preference) {
    :host([aria-busy="true"]) .busy::before { animation: pass 1.2s ease-in-out infinite; }
    @keyframes pass { from { transform: translateX(-100%); } to { transform: translateX(250%); } }
  }
  a { color: inherit; }
  a, button { min-height: 24px; min-width: 24px; }
  :focus-visible { outline: 3px solid var(--ocpu-accent, Highlight); outline-offset: 2px; }
`;

/** Not a style element, which a page's Content-Security-Policy may forbid. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

let sharedSheet;

/** @param {string} tag @param {Record<string, string>} attributes */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An element that shows what a call, a session or a data set holds. */
export class OcpuElement extends Base {
  static observedAttributes = ["src", "fun", "args"];

  #given = {};
  #wanted = false;
  #running = null;
  #timer = 0;
  #shown = null;

  /** @param {CSSStyleSheet} style @param {Node[]} parts */
  constructor(style, ...parts) {
    super();
    const root = this.attachShadow({ mode: "open" });
    sharedSheet ??= sheet(SHARED_CSS);
    root.adoptedStyleSheets = [sharedSheet, style];
    this.problem = make("p", { class: "error", part: "error", role: "alert", hidden: "" });
    root.append(make("div", { class: "busy", part: "busy" }), ...parts, this.problem);
  }

  /** What was set before this library was there becomes a property after all. */
  upgrade(...names) {
    for (const name of names) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  connectedCallback() {
    this.upgrade("src", "fun", "args", "session");
    this.want();
  }

  disconnectedCallback() {
    this.#wanted = false;
    this.#end();
    this.#shown = null;
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after) {
      delete this.#given[name];
      this.want();
    }
  }

  get src() {
    return this.getAttribute("src") ?? "../R";
  }

  set src(value) {
    this.setAttribute("src", value);
  }

  get fun() {
    return this.getAttribute("fun") ?? "";
  }

  set fun(value) {
    this.setAttribute("fun", value);
  }

  /** The arguments; as an attribute they are JSON. */
  get args() {
    if ("args" in this.#given) return this.#given.args;
    const text = this.getAttribute("args");
    if (!text) return {};
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new TypeError(`The attribute args is not JSON: ${cause.message}`, { cause });
    }
  }

  set args(value) {
    this.#given.args = value;
    this.want();
  }

  /** A session to show, instead of a call; null for none. */
  get session() {
    return this.#given.session ?? null;
  }

  set session(value) {
    this.#given.session = value;
    this.want();
  }

  /** Calls again, without what a cache has. */
  reload() {
    this.want(true);
  }

  /** Loads what the properties say by the end of the running script, however many of them change. */
  want(fresh = false) {
    this.#shown = null;
    if (this.#wanted) {
      this.#wanted.fresh ||= fresh;
      return;
    }
    this.#wanted = { fresh };
    queueMicrotask(() => this.#next());
  }

  #next() {
    if (!this.#wanted || !this.isConnected) {
      this.#wanted = false;
      return;
    }
    if (this.#running) {
      const elapsed = performance.now() - this.#running.started;
      this.#timer ||= setTimeout(() => this.#running?.control.abort(), Math.max(0, PATIENCE - elapsed));
      return;
    }
    const { fresh } = this.#wanted;
    this.#wanted = false;
    this.#run(fresh);
  }

  async #run(fresh) {
    const run = { control: new AbortController(), started: performance.now() };
    this.#running = run;
    this.setAttribute("aria-busy", "true");
    const { signal } = run.control;
    try {
      const loaded = await this.load({ signal, fresh });
      signal.throwIfAborted();
      if (loaded !== undefined) this.#done(loaded);
    } catch (error) {
      if (!signal.aborted) this.fail(error);
    }
    if (this.#running === run) this.#end();
    this.#next();
  }

  #done(loaded) {
    this.#shown = loaded;
    this.problem.hidden = true;
    this.problem.textContent = "";
    this.dispatchEvent(new CustomEvent("ocpu-load", { detail: loaded, bubbles: true, composed: true }));
  }

  /** What is shown; null while nothing is, or something else is wanted. */
  get loaded() {
    return this.#shown;
  }

  /** Shows what went wrong. */
  fail(error) {
    this.problem.hidden = false;
    this.problem.textContent = error.message;
    this.dispatchEvent(new CustomEvent("ocpu-error", { detail: { error }, bubbles: true, composed: true }));
  }

  #end() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#running?.control.abort();
    this.#running = null;
    this.removeAttribute("aria-busy");
  }

  /** The session that is to be shown, called for if need be; nothing when there is no function to call. */
  async called({ signal, fresh }) {
    if (this.session) return this.session;
    return this.fun ? ocpu(this.src).call(this.fun, this.args, { signal, fresh }) : undefined;
  }
}

export function define(name, type) {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, type);
}
