// Types of ocpu.js, the client library for apps.

/** Options of whatever asks the server. */
export interface RequestOptions {
  /** Ends the request; it then fails with the signal's reason. */
  signal?: AbortSignal;
  /** Calls or reads anew, without what caches have. */
  fresh?: boolean;
}

/** Options of an output format: arguments of the R function that makes it. */
export type Query = Record<string, string | number | boolean | null | undefined>;

/** What can be an argument of a call; a value is anything that has JSON. A promise is waited for. */
export type Argument = Session | Code | Blob | FileList | Value;
export type Value = null | undefined | boolean | number | string | Date | ArrayBufferView | readonly Value[] | { readonly [name: string]: Value };
export type Arguments = { readonly [name: string]: Argument | PromiseLike<Argument> };

/** R code as an argument; made by `ocpu.code`. */
export interface Code {
  readonly text: string;
}

/** An R object of a session or of a package. */
export interface RObject {
  readonly name: string;
  readonly url: string;
  address(format?: string, query?: Query): string;
  /** As JavaScript: a vector of one element is that element, NA is null, numbers have all their digits. */
  value<T = any>(query?: Query, options?: RequestOptions): Promise<T>;
  /** As the API has it: vectors are arrays, numbers have 4 decimals unless `digits` says otherwise. */
  json<T = any>(query?: Query, options?: RequestOptions): Promise<T>;
  text(format?: string, query?: Query, options?: RequestOptions): Promise<string>;
  blob(format?: string, query?: Query, options?: RequestOptions): Promise<Blob>;
}

/** Width and height are in CSS pixels in all formats; other options go to R's graphics device. */
export interface PlotOptions {
  width?: number;
  height?: number;
  /** Pixels of a bitmap for each of these. */
  scale?: number;
  pointsize?: number;
  res?: number;
  bg?: string;
  family?: string;
  paper?: string;
}

/** A picture that a call drew. */
export interface Plot {
  readonly number: number;
  readonly url: string;
  address(format: string, options?: PlotOptions): string;
  svg(options?: PlotOptions): string;
  png(options?: PlotOptions): string;
  pdf(options?: PlotOptions): string;
  blob(format?: string, options?: PlotOptions & RequestOptions): Promise<Blob>;
}

/** A file that a call wrote. */
export interface SessionFile {
  readonly name: string;
  readonly url: string;
  text(options?: RequestOptions): Promise<string>;
  json<T = any>(options?: RequestOptions): Promise<T>;
  blob(options?: RequestOptions): Promise<Blob>;
}

/** What a call left. As an argument of another call it is its value. */
export interface Session {
  readonly key: string;
  readonly url: string;
  readonly objects: RObject[];
  readonly plots: Plot[];
  readonly files: SessionFile[];
  /** The address of anything below the session, such as "zip". */
  address(path?: string): string;
  /** An object; the call's value unless told. */
  object(name?: string): RObject;
  file(name: string): SessionFile;
  /** The n-th plot, from 1; the last one unless told. Throws a RangeError where there is none. */
  plot(n?: number | "last"): Plot;
  value<T = any>(query?: Query, options?: RequestOptions): Promise<T>;
  json<T = any>(query?: Query, options?: RequestOptions): Promise<T>;
  text(format?: string, query?: Query, options?: RequestOptions): Promise<string>;
  blob(format?: string, query?: Query, options?: RequestOptions): Promise<Blob>;
  console(options?: RequestOptions): Promise<string>;
  stdout(options?: RequestOptions): Promise<string>;
  messages(options?: RequestOptions): Promise<string>;
  warnings(options?: RequestOptions): Promise<string>;
  source(options?: RequestOptions): Promise<string>;
}

/** A call or a read that did not succeed. What was aborted fails with the signal's reason instead. */
export declare class OcpuError extends Error {
  /** R's error, a refusal by the server, or no answer at all. */
  readonly kind: "r" | "server" | "network";
  /** The status of the answer; 0 without one. */
  readonly status: number;
  /** The R call that failed, and the calls before it; empty if it is not told. */
  readonly call: string;
  readonly backtrace: string[];
  /** The whole answer. */
  readonly text: string;
  /** What the call left until it failed. */
  readonly session: Session | null;
  /** Seconds after which to ask again. */
  readonly retryAfter: number | null;
}

export interface RpcOptions extends RequestOptions {
  format?: string;
  query?: Query;
}

/** The functions of a package. They need no `this`. */
export interface Api {
  readonly url: string;
  call(this: void, fun: string, args?: Arguments, options?: RequestOptions): Promise<Session>;
  /** The value at once, as by `value()`; in other formats text or a Blob. */
  rpc<T = any>(this: void, fun: string, args?: Arguments, options?: RpcOptions): Promise<T>;
  /** An exported object or a data set. */
  object(this: void, name: string): RObject;
}

export interface Settings {
  /** Headers of each request. */
  headers?: Record<string, string>;
}

export interface Ocpu {
  /** @param address of the functions (`../R`) or of their package, relative to the page */
  (address?: string | URL, settings?: Settings): Api;
  code(text: string): Code;
  /** Opens a session that was kept by its address. */
  session(address: string | URL, settings?: Settings & { signal?: AbortSignal }): Promise<Session>;
  readonly Error: typeof OcpuError;
}

export declare const ocpu: Ocpu;
export default ocpu;

/** What the elements share. */
declare class OcpuElement extends HTMLElement {
  src: string;
  fun: string;
  args: Arguments;
  session: Session | null;
  /** Calls again, without what a cache has. */
  reload(): void;
}

/** `<ocpu-plot>`: a plot in the size that it is shown at. */
export declare class OcpuPlot extends OcpuElement {
  alt: string;
  readonly loaded: { session: Session; plot: Plot } | null;
  redraw(): void;
}

/** `<ocpu-table>`: a data frame with its rows in pages, sorted by any column. */
export declare class OcpuTable extends OcpuElement {
  rows: readonly object[] | Record<string, readonly unknown[]> | null;
  readonly loaded: { session: Session | null; rows: number } | null;
}

declare global {
  interface HTMLElementTagNameMap {
    "ocpu-plot": OcpuPlot;
    "ocpu-table": OcpuTable;
  }
  interface HTMLElementEventMap {
    "ocpu-load": CustomEvent<{ session: Session | null; plot?: Plot; rows?: number }>;
    "ocpu-error": CustomEvent<{ error: Error }>;
  }
}
