// <ocpu-plot>: a plot in the size that it is shown at.

import { OcpuElement, define, make, sheet } from "./element.js";
import { request } from "./session.js";

/** A size that has not changed for so long is the one to draw. */
const SETTLED = 120;

const PLOT_CSS = `
  .frame {
    flex: 1 1 auto; position: relative; width: 100%; min-height: 0; overflow: hidden;
    aspect-ratio: var(--ocpu-plot-aspect-ratio, var(--asked-ratio, 16 / 10));
    border-radius: var(--ocpu-radius, 0.5rem); background: var(--ocpu-plot-background, transparent);
  }
  img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
  .error { position: absolute; inset: auto 0.75rem 0.75rem; max-height: calc(100% - 1.5rem); }
  .links { display: flex; gap: 0.75rem; min-height: 24px; margin: 0.5rem 0 0; font-size: 0.875rem; }
  .links a { display: inline-grid; place-items: center; }
  .stale { opacity: 0.25; }
  @media print { .links { display: none; } }
`;

let plotSheet;

export class OcpuPlot extends OcpuElement {
  static observedAttributes = [...OcpuElement.observedAttributes, "n", "alt", "aspect-ratio", "format", "downloads"];

  #frame = make("div", { class: "frame", part: "frame" });
  #picture = null;
  #links = make("p", { class: "links", part: "downloads", hidden: "" });
  #observer = null;
  #settling = 0;
  #density = null;
  #version = 0;
  #called = null;
  #drawn = "";

  constructor() {
    super((plotSheet ??= sheet(PLOT_CSS)));
    this.shadowRoot.append(this.#frame, this.#links);
    this.#frame.append(this.problem);
  }

  connectedCallback() {
    this.upgrade("alt");
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(this.#frame);
    this.#watchDensity();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#density?.abort();
    clearTimeout(this.#settling);
    this.#settling = 0;
  }

  attributeChangedCallback(name, before, after) {
    if (name === "aspect-ratio") this.#frame.style.setProperty("--asked-ratio", after);
    else if (name === "alt") this.#picture?.setAttribute("alt", this.alt);
    else if (name === "downloads") this.#links.hidden = after === null;
    else if (name === "n" || name === "format") this.redraw();
    else super.attributeChangedCallback(name, before, after);
  }

  /** What the plot shows, in words. */
  get alt() {
    return this.getAttribute("alt") ?? (this.fun ? `Plot made by ${this.fun}` : "Plot");
  }

  set alt(value) {
    this.setAttribute("alt", value);
  }

  want(fresh = false) {
    this.#version++;
    super.want(fresh);
  }

  /** Draws the same plot again. */
  redraw() {
    if (this.#called?.version === this.#version) super.want();
  }

  #resized() {
    if (!this.#settling && !this.#drawn) {
      this.redraw(); // it has got its first size
      return;
    }
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = 0;
      if (this.#size() && this.#appearance() !== this.#drawn) this.redraw();
    }, SETTLED);
  }

  /** Zooming, and screens of another density. */
  #watchDensity() {
    this.#density?.abort();
    this.#density = new AbortController();
    const change = () => {
      this.#watchDensity();
      this.#resized();
    };
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", change, { signal: this.#density.signal });
  }

  #size() {
    const { clientWidth: width, clientHeight: height } = this.#frame;
    return width && height ? { width, height } : null;
  }

  #format() {
    return this.getAttribute("format") ?? (devicePixelRatio > 1 ? "svg" : "png");
  }

  #appearance() {
    return JSON.stringify([this.#size(), devicePixelRatio, this.#format()]);
  }

  async load({ signal, fresh }) {
    const version = this.#version;
    const session = this.#called?.version === version ? this.#called.session : await this.called({ signal, fresh });
    signal.throwIfAborted();
    this.#called = { version, session };
    const size = this.#size();
    if (!session || !size) return undefined; // not shown at the moment
    const n = this.getAttribute("n") ?? "last";
    const plot = session.plot(n === "last" ? n : Number(n));
    const appearance = this.#appearance();
    await this.#show(plot, plot.address(this.#format(), { ...size, scale: devicePixelRatio }), signal);
    this.#drawn = appearance;
    this.#offer(plot, size);
    return { session, plot };
  }

  /** The picture before stays until the new one is there. */
  async #show(plot, address, signal) {
    const picture = make("img", { part: "image", alt: this.alt });
    const stop = () => picture.removeAttribute("src");
    signal.addEventListener("abort", stop);
    picture.src = address;
    try {
      await picture.decode();
    } catch (cause) {
      signal.throwIfAborted();
      await request(address, { signal }, plot.headers); // which says what is wrong
      throw new Error("The browser cannot show the picture that R made.", { cause });
    } finally {
      signal.removeEventListener("abort", stop);
    }
    signal.throwIfAborted();
    if (this.#picture) this.#picture.replaceWith(picture);
    else this.#frame.prepend(picture);
    this.#picture = picture;
  }

  #offer(plot, size) {
    const link = (format, options) => {
      const attributes = { href: plot.address(format, options), target: "_blank", rel: "noopener", part: "download" };
      return make("a", attributes, format.toUpperCase());
    };
    this.#links.replaceChildren(link("svg", size), link("png", { ...size, scale: 2 }), link("pdf", size));
  }

  fail(error) {
    this.#picture?.classList.add("stale");
    this.#drawn = "";
    super.fail(error);
  }
}

define("ocpu-plot", OcpuPlot);
