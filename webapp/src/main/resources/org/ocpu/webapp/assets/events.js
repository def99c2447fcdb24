// Server-sent events by fetch: EventSource sends no headers of its own, and the admin token is to be in no address.

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15000;

/** The server breaks its silence more often than that. */
const LONGEST_SILENCE = 40000;

/** Turns pieces of a stream into events (HTML standard, section 9.2.6). */
export class EventParser {
  #rest = "";
  #name = "";
  #data = [];

  /** @param {string} piece @returns {{name: string, data: string}[]} the events that are complete with it */
  push(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") {
      const event = { name: this.#name || "message", data: this.#data.join("\n") };
      const whole = this.#data.length > 0;
      this.#name = "";
      this.#data = [];
      return whole ? [event] : [];
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === "event") this.#name = value;
    if (field === "data") this.#data.push(value);
    return [];
  }
}

/**
 * Follows a stream until it is closed; connects again when the connection is lost, after pauses that grow.
 *
 * @param {string} address
 * @param {{
 *   headers: () => Record<string, string>,
 *   on: Record<string, (data: object) => void>,
 *   opened?: () => void, lost?: (seconds: number) => void, refused?: (answer: Response) => void,
 *   ends?: string,
 * }} handlers `lost` is told when it tries again; `refused` of an answer that trying again would not change; `ends` names an event
 *   that is the last one
 * @returns {() => void} closes it
 */
export function follow(address, handlers) {
  let pause = FIRST_PAUSE;
  let closed = false;
  let abort = new AbortController();
  let retry;

  const close = () => {
    closed = true;
    clearTimeout(retry);
    abort.abort();
  };

  async function read(answer) {
    const parser = new EventParser();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let silence = setTimeout(() => abort.abort(), LONGEST_SILENCE);
    try {
      for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), LONGEST_SILENCE);
        for (const { name, data } of parser.push(value)) {
          if (closed) return;
          pause = FIRST_PAUSE;
          handlers.on[name]?.(JSON.parse(data));
          if (name === handlers.ends) close();
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function connect() {
    abort = new AbortController();
    try {
      const headers = { Accept: "text/event-stream", ...handlers.headers() };
      const answer = await fetch(address, { headers, cache: "no-store", signal: abort.signal });
      if ([400, 401, 403, 404].includes(answer.status)) {
        closed = true;
        handlers.refused?.(answer);
        return;
      }
      if (answer.ok) {
        handlers.opened?.();
        await read(answer);
      }
    } catch (failure) {
      if (failure instanceof SyntaxError) throw failure; // a fault of ours, and not of the connection
    }
    if (closed) return;
    handlers.lost?.(pause / 1000);
    retry = setTimeout(connect, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }

  connect();
  return close;
}
