// What takes the disk: sessions, apps by owner, and the parts of the data directory.

import { ask } from "./admin-api.js";
import { bar } from "./admin-lists.js";
import { count, el, empty, size, table } from "./dom.js";

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
  const rows = storage.parts
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((part) => [
      [el("code", {}, `${part.name}/`), el("span", { class: "quiet small" }, ` ${PARTS[part.name] ?? ""}`)],
      [bar(part.bytes, most, `Disk of ${part.name}`), part.whole ? "" : " or more: too many files to count"],
    ]);
  return table("Parts of the data directory", ["Part", "Bytes"], rows);
}

function owners(storage) {
  if (!storage.owners.length) return empty("No app is here yet.");
  const most = storage.owners[0].bytes;
  const rows = storage.owners.map((owner) => [
    el("a", { href: `/?owner=${encodeURIComponent(owner.owner)}` }, owner.owner),
    `${count(owner.apps, "app")}, ${count(owner.versions, "version")}`,
    bar(owner.bytes, most, `Disk of ${owner.owner}`),
  ]);
  return table("Disk by owner", ["Owner", "Has", "Bytes"], rows);
}

export async function loadStorage() {
  const storage = await ask("GET", "/storage");
  document.getElementById("storage-shown").replaceChildren(
    el("h3", {}, "Apps by owner"),
    owners(storage),
    el("h3", {}, `All: ${size(storage.parts.reduce((sum, part) => sum + part.bytes, 0))}`),
    parts(storage),
  );
}
