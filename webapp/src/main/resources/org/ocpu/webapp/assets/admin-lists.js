// Engines, syncs and mails: lists of what there is, each with what the admin can do about it.

import { ask, listen } from "./admin-api.js";
import { badge, button, clock, count, el, empty, size, table, when } from "./dom.js";

const none = "–";

/** A number with a bar that shows it beside the most of all. @param {number} bytes @param {number} most */
export function bar(bytes, most, label) {
  return el("span", { class: "share" }, el("meter", { min: "0", max: String(Math.max(1, most)), value: String(bytes), "aria-label": label }), size(bytes));
}

/** A list that unfolds. */
function folded(words, ...content) {
  return el("details", { class: "small" }, el("summary", {}, words), ...content);
}

function versionOf(engine) {
  const own = engine.loaded.find((one) => one.startsWith(`${engine.package} `));
  return own ? own.slice(engine.package.length + 1) : "";
}

export async function loadEngines(act, say) {
  const engines = await ask("GET", "/engines");
  const most = Math.max(...engines.map((engine) => engine.memory));
  const end = (engine) => () =>
    act(async () => {
      await ask("POST", `/engines/${engine.id}/end`);
      say(`The engine of ${engine.package} ends when its requests are done. The next request starts another one.`);
      await loadEngines(act, say);
    });
  const rows = engines.map((engine) => [
    [el("strong", {}, engine.package), ` ${versionOf(engine)} `, el("span", { class: "quiet small" }, engine.place || "what all others come from")],
    badge(engine.state),
    [String(engine.running), el("span", { class: "quiet" }, ` run, ${engine.idle} idle`)],
    bar(engine.memory, most, `Memory of ${engine.package}`),
    engine.lastUsedAt ? when(engine.lastUsedAt) : "not yet",
    when(engine.startedAt),
    folded(count(engine.loaded.length, "package"), el("p", { class: "loaded" }, engine.loaded.join(", "))),
    engine.place ? button("End", end(engine), { "aria-label": `End the engine of ${engine.package}` }) : none,
  ]);
  const heads = ["Package", "State", "Workers", "Memory", "Last used", "Started", "Has loaded", "Action"];
  document.getElementById("engine-list").replaceChildren(table("Engines", heads, rows));
}

let following = new Map();

/** Has the list loaded anew when a run ends. */
function followRuns(syncs, act, say) {
  const going = new Set(syncs.flatMap((sync) => (sync.running ? [sync.running.run] : [])));
  for (const [run, close] of following) {
    if (!going.has(run)) close();
  }
  following = new Map([...following].filter(([run]) => going.has(run)));
  for (const run of going) {
    if (following.has(run)) continue;
    const end = () => act(() => loadSyncs(act, say));
    following.set(run, listen(`/runs/${run}/events`, { on: { end }, ends: "end" }));
  }
}

function outcome(run) {
  const counts = ["added", "updated", "removed", "failed", "skipped"].filter((what) => run[what] > 0).map((what) => `${run[what]} ${what}`);
  return [counts.join(", "), run.problem].filter(Boolean).join("; ") || "nothing to do";
}

function runLine(run) {
  const link = el("a", { href: run.url }, `#${run.run}`);
  return [link, " ", badge(run.state), ` ${outcome(run)}, `, when(run.startedAt)];
}

function history(sync) {
  const list = el("ul", {});
  const fold = folded("History", list);
  fold.addEventListener("toggle", async () => {
    if (!fold.open) return;
    const runs = await ask("GET", `/syncs/${encodeURIComponent(sync.sync)}/runs?limit=10`).catch((failure) => failure);
    if (runs instanceof Error) list.replaceChildren(el("li", {}, runs.message));
    else if (!runs.length) list.replaceChildren(el("li", {}, "It has not run yet."));
    else list.replaceChildren(...runs.map((run) => el("li", {}, ...runLine(run))));
  });
  return fold;
}

export async function loadSyncs(act, say) {
  const syncs = await ask("GET", "/syncs");
  const list = document.getElementById("sync-list");
  const request = (path, words) => () =>
    act(async () => {
      const run = await ask("POST", path);
      say(`Run ${run.run} of ${run.sync} ${words}.`);
      await loadSyncs(act, say);
    });
  const action = (sync) =>
    sync.running
      ? button("Cancel", request(`/runs/${sync.running.run}/cancel`, "is being stopped"), { "aria-label": `Cancel the run of ${sync.sync}` })
      : button("Run now", request(`/syncs/${encodeURIComponent(sync.sync)}/run`, "has begun"), { "aria-label": `Run ${sync.sync} now` });
  const rows = syncs.map((sync) => [
    [el("a", { href: sync.url }, sync.sync), el("span", { class: "quiet small" }, ` ${sync.wanted}, in the library ${sync.library}`)],
    sync.nextRun ? [when(sync.nextRun), el("span", { class: "quiet small" }, ` ${clock(new Date(sync.nextRun))}`)] : "by hand only",
    sync.running ? runLine(sync.running) : sync.last ? runLine(sync.last) : "It has not run yet.",
    history(sync),
    action(sync),
  ]);
  const hint = el("p", { class: "empty" }, "No sync is configured. One line in ocpu.conf makes the first, such as ", el("code", {}, "sync.cran.packages: ggplot2, dplyr"));
  list.replaceChildren(syncs.length ? table("Syncs", ["Sync", "Next run", "Now or last", "Before", "Action"], rows) : hint);
  followRuns(syncs, act, say);
}

function waitingRow(mail) {
  return [mail.subject, mail.recipients.join(", "), when(mail.queuedAt), badge(mail.state), mail.why || (mail.state === "kept" ? "No smtp.host is configured." : "It is on its way."), mail.nextAttemptAt ? when(mail.nextAttemptAt) : none];
}

/** Asks to send mails again, one after another. */
async function resend(mails, act, say) {
  for (const mail of mails) await ask("POST", `/outbox/${mail.id}/resend`);
  say(`${count(mails.length, "mail")} ${mails.length === 1 ? "is" : "are"} being sent again.`);
  await loadMail(act, say);
}

export async function loadMail(act, say) {
  const [parked, waiting] = await Promise.all([ask("GET", "/outbox"), ask("GET", "/outbox/waiting")]);
  const again = (mails) => () => act(() => resend(mails, act, say));
  const rows = parked.map((mail) => [
    mail.subject,
    mail.recipients.join(", "),
    when(mail.queuedAt),
    [count(mail.attempts, "attempt"), ": ", mail.why],
    button("Resend", again([mail]), { "aria-label": `Resend “${mail.subject}”` }),
  ]);
  const all = parked.length > 1 ? el("p", { class: "actions" }, button("Resend all", again(parked))) : null;
  document.getElementById("mail-list").replaceChildren(
    el("h3", {}, "Given up"),
    ...(parked.length ? [all, table("Mails that were given up", ["Subject", "To", "Queued", "Why", "Action"], rows)].filter(Boolean) : [empty("No mail was given up.")]),
    el("h3", {}, "Waiting"),
    waiting.length ? table("Mails that wait", ["Subject", "To", "Queued", "State", "Why", "Next attempt"], waiting.map(waitingRow)) : empty("No mail waits."),
  );
}
