// The client library outside of a browser, against the server whose API is at OCPU.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import vm from "node:vm";
import lib, { OcpuError, ocpu } from "./ocpu.mjs";

const root = process.env.OCPU;
const base = ocpu(`${root}/library/base/R`);
const utils = ocpu(`${root}/library/utils`);
const graphics = ocpu(`${root}/library/graphics/`);

/** Calls an anonymous function of R: the way to have any value and output. */
const run = (code, options) => base.call("eval", { expr: ocpu.code(code) }, options);

async function failing(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return assert.fail("it succeeded");
}

test("the default export is the function itself", () => assert.equal(lib, ocpu));

test("addresses of functions and of packages lead to the same", () => {
  for (const address of ["/library/base/R", "/library/base/R/", "/library/base", "/library/base/?a#b"]) {
    assert.equal(ocpu(root + address).url, `${root}/library/base/R`);
  }
});

test("a call leaves a session with value, text and source", async () => {
  const { call } = base;
  const session = await call("seq", { from: 1, to: 2, by: 0.25 });
  assert.match(session.key, /^x0[0-9a-f]+$/);
  assert.equal(session.url, `${root}/tmp/${session.key}/`);
  assert.deepEqual(await session.value(), [1, 1.25, 1.5, 1.75, 2]);
  assert.equal(await session.text(), "[1] 1.00 1.25 1.50 1.75 2.00\n");
  assert.equal(await session.text("csv"), '"x"\r\n1\r\n1.25\r\n1.5\r\n1.75\r\n2\r\n');
  assert.match(await session.source(), /^seq\(from = 1L?, to = 2L?, by = 0\.25\)/);
  assert.ok(session.objects.some(({ name }) => name === ".val"));
  assert.equal((await fetch(session.address("zip"))).status, 200);
});

test("value() is what one would write in JavaScript, json() what the API has", async () => {
  assert.equal(await base.rpc("pi", {}).catch((error) => error.message), "pi is not a function.");
  const session = await run("list(number = 1/3, text = 'a', none = NULL, missing = NA_real_, many = 1:2, yes = TRUE)");
  const exact = { number: 0.333333333333333, text: "a", none: null, missing: null, many: [1, 2], yes: true };
  assert.deepEqual(await session.value(), exact);
  const api = { number: [0.3333], text: ["a"], none: {}, missing: ["NA"], many: [1, 2], yes: [true] };
  assert.deepEqual(await session.json(), api);
  assert.deepEqual((await session.json({ digits: 1 })).number, [0.3]);
});

test("output, warnings, messages and files can be read", async () => {
  const session = await run("{ cat('out\\n'); message('said'); warning('careful'); writeLines('[1, 2]', 'kept.json'); invisible(1) }");
  assert.match(await session.stdout(), /^out\n/);
  assert.match(await session.messages(), /said/);
  assert.match(await session.warnings(), /careful/);
  assert.match(await session.console(), /out\n/);
  assert.deepEqual(session.files.map(({ name }) => name), ["kept.json"]);
  assert.equal(await session.files[0].text(), "[1, 2]\n");
  assert.deepEqual(await session.file("kept.json").json(), [1, 2]);
  assert.equal((await session.file("kept.json").blob()).size, 7);
  assert.equal((await failing(() => session.file("other").text())).status, 404);
});

test("plots have addresses in pixels, and can be had as they are", async () => {
  const session = await run("{ plot(1:3); plot(3:1); NULL }");
  assert.equal(session.plots.length, 2);
  assert.equal(session.plot().number, 2);
  assert.match(session.plot(1).svg({ width: 720, height: 360 }), /\/graphics\/1\/svg\?width=10&height=5$/);
  assert.match(session.plot().png({ width: 300, height: 200, scale: 2 }), /\/png\?width=600&height=400&res=144$/);
  const svg = await (await fetch(session.plot().svg({ width: 720, height: 360 }))).text();
  assert.match(svg, /<svg[^>]* width="720(pt)?" height="360(pt)?"/);
  const png = Buffer.from(await (await session.plot().blob("png", { width: 300, height: 200, scale: 2 })).arrayBuffer());
  assert.deepEqual([png.readInt32BE(16), png.readInt32BE(20)], [600, 400]);
  const pdf = Buffer.from(await (await fetch(session.plot().pdf({ width: 360, height: 288 }))).arrayBuffer()).toString("latin1");
  assert.match(pdf, /\/MediaBox \[0 0 360 288\]/);
  assert.equal((await failing(() => session.plot(3))).message, "The call made 2 plots: there is no plot 3.");
  assert.equal((await failing(async () => (await run("1")).plot())).message, "The call made no plot.");
});

test("values keep their types, also beside sessions, code and files", async () => {
  const values = {
    one: 1, half: 0.5, text: 'a "quoted"\n\\ é 😀', key: "x0123456789abcdef", code: "1 + 1", none: null, no: false,
    list: [1, 2], mixed: [1, "a"], empty: [], object: { a: [1, null] }, when: new Date(0), typed: new Float32Array([1, 2.5]),
  };
  const expected = { ...values, when: "1970-01-01T00:00:00.000Z", typed: [1, 2.5] };
  expected.mixed = ["1", "a"]; // a vector of R has one type
  const alone = await base.rpc("list", values);
  assert.deepEqual(alone, expected);
  const session = await base.call("identity", { x: 42 });
  const more = { ...values, session, promised: base.call("identity", { x: 43 }), sum: ocpu.code("20 + 24"), file: new Blob(["hi"]) };
  const beside = await base.rpc("list", more);
  assert.deepEqual(beside, { ...expected, session: 42, promised: 43, sum: 44, file: "file" });
  assert.deepEqual(Object.keys(beside), Object.keys(more));
  assert.equal(await base.rpc("is.null", { x: null }), true);
  assert.equal(await base.rpc("missing", { x: undefined }).catch((error) => error.kind), "r");
});

test("numbers that JSON does not have are numbers of R", async () => {
  const session = await base.call("list", { nan: NaN, inf: Infinity, minus: -Infinity });
  assert.equal((await session.text("ascii")).trim(), "list(nan = NaN, inf = Inf, minus = -Inf)");
});

test("a table is uploaded, read, summarised and fitted by sessions", async () => {
  const file = new File(["x,y\n1,2\n2,4\n3,6.5\n"], 'my "table".csv', { type: "text/csv" });
  const data = await utils.call("read.csv", { file });
  assert.deepEqual(await data.value(), [{ x: 1, y: 2 }, { x: 2, y: 4 }, { x: 3, y: 6.5 }]);
  const stats = ocpu(`${root}/library/stats`);
  const model = await stats.call("lm", { formula: ocpu.code("y ~ x"), data });
  assert.deepEqual((await stats.rpc("coef", { object: model })).map((n) => n.toFixed(4)), ["-0.3333", "2.2500"]);
  const picture = await graphics.rpc("plot", { x: data }, { format: "png", query: { width: 400, height: 300 } });
  assert.equal(picture.type, "image/png");
});

test("rpc answers in other formats", async () => {
  assert.equal(await base.rpc("letters", {}).catch((error) => error.status), 400);
  assert.equal(await base.rpc("rev", { x: [1, 2] }, { format: "print" }), "[1] 2 1\n");
  assert.equal(await utils.rpc("head", { x: ocpu.code("cars"), n: 1 }, { format: "csv" }), '"speed","dist"\r\n4,2\r\n');
  assert.ok((await utils.rpc("head", { x: ocpu.code("cars") }, { format: "parquet" })).size > 100);
  assert.deepEqual(await base.rpc("round", { x: 1.23456 }, { query: { auto_unbox: false } }), [1]);
});

test("objects and data sets of a package can be read", async () => {
  const cars = ocpu(`${root}/library/datasets`).object("cars");
  assert.deepEqual((await cars.value())[0], { speed: 4, dist: 2 });
  assert.equal((await fetch(cars.address("csv"))).headers.get("content-type"), "text/csv; charset=utf-8");
  assert.equal((await failing(() => ocpu(`${root}/library/datasets`).object("planes").value())).status, 404);
});

test("an error has R's message, its call and the output until then", async () => {
  const error = await failing(() => run("{ cat('so far\\n'); f <- function(x) stop('no ', x); f('way') }"));
  assert.ok(error instanceof OcpuError && error instanceof Error && error instanceof ocpu.Error);
  assert.equal(error.message, "no way");
  assert.deepEqual([error.kind, error.status, error.call], ["r", 400, 'f("way")']);
  assert.ok(error.backtrace.length > 0 && error.text.startsWith("no way\n"));
  assert.equal(await error.session.stdout(), "so far\n");
});

test("what the server refuses is told apart from errors of R", async () => {
  const missing = await failing(() => base.call("no_such_function"));
  assert.deepEqual([missing.kind, missing.status, missing.session], ["server", 404, null]);
  assert.match(missing.message, /no_such_function/);
  const broken = await failing(() => base.call("identity", { x: ocpu.code("1 +") }));
  assert.equal(broken.status, 400);
  assert.match(broken.message, /^Unparsable argument: 1 \+/);
});

test("what cannot be an argument is told at once", async () => {
  const circle = {};
  circle.itself = circle;
  const session = await base.call("identity", { x: 1 });
  const wrong = [
    [{ x: () => 1 }, /'x' cannot be sent: it is a function/],
    [{ x: Symbol("s") }, /'x' cannot be sent: it is a symbol/],
    [{ x: 10n }, /'x' cannot be sent as JSON/],
    [{ x: circle }, /'x' cannot be sent as JSON/],
    [{ x: [session] }, /'x' cannot be sent as JSON: sessions, code and files are arguments of their own/],
    [[1], /Arguments are an object/],
    [null, /Arguments are an object/],
    ["x", /Arguments are an object/],
  ];
  for (const [args, message] of wrong) {
    const error = await failing(() => base.call("identity", args));
    assert.ok(error instanceof TypeError, String(error));
    assert.match(error.message, message);
  }
  assert.throws(() => ocpu.code(" "), TypeError);
  for (const name of ["", undefined, 1]) assert.ok((await failing(() => base.call(name))) instanceof TypeError);
  assert.throws(() => ocpu("../R"), /'..\/R' is not an address. Outside of a page it begins with http/);
});

test("an aborted call fails with the signal's reason", async () => {
  const control = new AbortController();
  const running = failing(() => base.call("Sys.sleep", { time: 60 }, { signal: control.signal }));
  control.abort();
  assert.equal((await running).name, "AbortError");
  assert.equal((await failing(() => base.rpc("identity", { x: 1 }, { signal: AbortSignal.abort() }))).name, "AbortError");
  assert.equal((await failing(() => base.call("Sys.sleep", { time: 60 }, { signal: AbortSignal.timeout(1) }))).name, "TimeoutError");
});

test("a server that is not there is told apart from one that refuses", async () => {
  const error = await failing(() => ocpu("http://127.0.0.1:1/ocpu/library/base").call("identity"));
  assert.deepEqual([error.kind, error.status, error.session], ["network", 0, null]);
  assert.match(error.message, /no answer from 127\.0\.0\.1:1/);
});

test("the same call is the same session, unless it is to be fresh", async () => {
  const draw = (options) => base.call("sample", { x: 1e6, size: 5 }, options);
  const first = await draw();
  assert.equal((await draw()).key, first.key);
  const fresh = await draw({ fresh: true });
  assert.notEqual(fresh.key, first.key);
  assert.notDeepEqual(await fresh.value(), await first.value());
});

test("a session can be opened again by its address, while it is there", async () => {
  const session = await run("{ plot(1); 5 }");
  for (const address of [session.url, session.url.replace(/\/$/, "")]) {
    const again = await ocpu.session(address);
    assert.deepEqual([again.key, again.plots.length, await again.value()], [session.key, 1, 5]);
  }
  const gone = await failing(() => ocpu.session(`${root}/tmp/x0123456789abcdef0123456789/`));
  assert.deepEqual([gone.kind, gone.status], ["server", 404]);
  assert.match(gone.message, /^Session not found/);
  assert.ok((await failing(() => ocpu.session(session.key))) instanceof TypeError);
  assert.ok((await failing(() => ocpu.session(`${root}/library/base`))) instanceof TypeError);
});

test("the classic script has the same, and leaves what an older library has put there", async () => {
  const before = { seturl() {}, Snippet: class {} };
  const globals = { ...globalThis, fetch, URL, URLSearchParams, Blob, AbortController, crypto, ocpu: before };
  vm.runInNewContext(await readFile("ocpu.js", "utf8"), globals);
  assert.equal(typeof globals.ocpu, "function");
  assert.equal(globals.ocpu.seturl, before.seturl);
  assert.equal(await globals.ocpu(`${root}/library/base`).rpc("sum", { "...": [1, 2, 3] }), 6);
});
