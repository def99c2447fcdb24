// What takes the disk: apps and sessions by owner, and the parts of the data directory.

import { ask } from "./admin-api.js";
import { bar } from "./admin-lists.js";
import { count, el, empty, size, span, table } from "./dom.js";

const PARTS = {
  apps: "installed versions of apps",
  sessions: "what calls left",
  cran: "synced packages of CRAN",
  bioc: "synced packages of Bioconductor",
  gist: "gists",
  git: "copies of repositories",
  cache: "what can be made again",
  db: "builds, syncs and deliveries",
  logs: "logs",
  outbox: "mails",
  work: "what requests and builds have now",
};

function parts(storage) {
  const most = Math.max(...storage.parts.map((part) => part.bytes));
  const rows = [...storage.parts]
    .sort((a, b) => b.bytes - a.bytes)
    .map((part) => [
      [el("code", {}, `${part.name}/`), el("span", { class: "quiet small" }, ` ${PARTS[part.name] ?? ""}`)],
      [bar(part.bytes, most, `Disk of ${part.name}`), part.whole ? "" : " or more: too many files to count"],
    ]);
  return table("Parts of the data directory", ["Part", "Bytes"], rows);
}

/** Whose a session is: an app's owner, or the library that the package is in. */
function ownerOf(place) {
  const [first, second] = place.split("/");
  return first === "apps" && second ? second : `${first}/`;
}

/** Of each owner what the apps take and the sessions do, whoever has most first. */
function byOwner(storage, sessions) {
  const all = new Map();
  const of = (name) => all.get(name.toLowerCase()) ?? all.set(name.toLowerCase(), { name, apps: 0, versions: 0, installed: 0, made: 0, kept: 0, left: 0 }).get(name.toLowerCase());
  for (const owner of storage.owners) Object.assign(of(owner.owner), { name: owner.owner, apps: owner.apps, versions: owner.versions, installed: owner.bytes });
  for (const { place, made, kept, bytes } of sessions.places) {
    const owner = of(ownerOf(place));
    owner.made += made;
    owner.kept += kept;
    owner.left += bytes;
  }
  return [...all.values()].sort((a, b) => b.installed + b.left - a.installed - a.left);
}

function owners(storage, sessions) {
  const all = byOwner(storage, sessions);
  if (!all.length) return empty("No app is here yet, and nothing was called.");
  const most = all[0].installed + all[0].left;
  const rows = all.map((owner) => [
    owner.apps ? el("a", { href: `/?owner=${encodeURIComponent(owner.name)}` }, owner.name) : el("code", {}, owner.name),
    owner.apps ? [`${count(owner.apps, "app")}, ${count(owner.versions, "version")}: `, size(owner.installed)] : "–",
    [`${count(owner.kept, "session")}: `, size(owner.left), el("span", { class: "quiet small" }, ` of ${Math.max(owner.made, owner.kept)} ever made`)],
    bar(owner.installed + owner.left, most, `Disk of ${owner.name}`),
  ]);
  return table("Disk by owner", ["Owner", "Installed", "Sessions kept", "Together"], rows);
}

function ofSessions(sessions) {
  const { maxAge, space } = sessions.limits;
  const share = el("meter", { min: "0", max: String(space), value: String(sessions.bytes), "aria-label": "Disk of all sessions" });
  return el("p", { class: "share sessions" }, share, `${count(sessions.kept, "session")}, ${size(sessions.bytes)} of ${size(space)}; each is kept for ${span(maxAge)} at most.`);
}

export async function loadStorage() {
  const [storage, sessions] = await Promise.all([ask("GET", "/storage"), ask("GET", "/sessions")]);
  document.getElementById("storage-shown").replaceChildren(
    el("h3", {}, "Sessions"),
    ofSessions(sessions),
    el("h3", {}, "By owner"),
    owners(storage, sessions),
    el("h3", {}, `The data directory: ${size(storage.parts.reduce((sum, part) => sum + part.bytes, 0))}`),
    parts(storage),
  );
}
