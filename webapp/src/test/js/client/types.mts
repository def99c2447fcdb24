// Whatever the types promise, as an author would write it; compiled, not run.

import library, { ocpu, OcpuError, type OcpuPlot, type Plot, type Session } from "./ocpu.mjs";

const { call, rpc, url, object } = ocpu("../R", { headers: { Authorization: "Bearer x" } });
const same: typeof ocpu = library;
const address: string = url;

export async function everything(file: File, files: FileList, signal: AbortSignal): Promise<void> {
  const session: Session = await call("f", { n: 1, names: ["a", null], nested: { a: [1] }, file, files, when: new Date(), none: undefined }, { signal });
  const next = await call("g", { data: session, later: call("h"), model: ocpu.code("y ~ x"), bytes: new Float64Array(2) }, { fresh: true });
  const value: { x: number }[] = await next.value<{ x: number }[]>();
  const json = await session.json({ digits: 2, dataframe: "columns" }, { signal });
  const plot: Plot = session.plot(2);
  const sources: string[] = [plot.svg({ width: 400, height: 300 }), session.plot("last").png({ width: 400, scale: 2 }), plot.pdf()];
  const blob: Blob = await plot.blob("png", { width: 10, height: 10, signal });
  const names: string[] = [...session.files.map(({ name }) => name), ...session.objects.map(({ name }) => name)];
  const texts: string[] = await Promise.all([session.console(), session.stdout(), session.messages(), session.warnings(), session.source(), session.text("md")]);
  const first: string = await session.file("a.txt").text();
  const data = await object("planets").value<{ name: string }[]>();
  const sum: number = await rpc<number>("sum", { "...": [1, 2] }, { format: "json", query: { digits: 3 }, signal });
  const again = await ocpu.session(session.url, { signal });
  console.log(same, address, value, json, sources, blob, names, texts, first, data[0]?.name, sum, again.key, again.address("zip"));
}

export function failed(error: unknown): string {
  if (!(error instanceof OcpuError)) return "";
  const kind: "r" | "server" | "network" = error.kind;
  return `${kind} ${error.status} ${error.message} ${error.call} ${error.backtrace.length} ${error.session?.key} ${error.retryAfter} ${error.text}`;
}

export function elements(): void {
  const plot: OcpuPlot | null = document.querySelector("ocpu-plot");
  const table = document.createElement("ocpu-table");
  if (plot) {
    plot.args = { n: 10, data: null };
    plot.alt = "A plot";
    plot.session = plot.loaded?.session ?? null;
    plot.reload();
  }
  table.rows = [{ a: 1 }];
  table.addEventListener("ocpu-load", ({ detail }) => console.log(detail.rows));
  table.addEventListener("ocpu-error", ({ detail }) => console.log(detail.error.message));
}

// @ts-expect-error a function has no JSON
call("f", { x: () => 1 });
// @ts-expect-error a name is a string
call(1);
// @ts-expect-error only the library makes errors' kinds
export const wrong: OcpuError["kind"] = "other";
