// What a run would do, as a part of a page. Names and reasons come from repositories: they become text, never markup.

/** Rows and notes shown; the command shows all. */
const LISTED = 1000;

const actions = { fail: "would fail", update: "to update", add: "to add", remove: "to remove", skip: "cannot be had" };

/** @param {(Node | string)[]} content */
function made(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function why(change) {
  if (change.action === "add") return "not there yet";
  if (change.action === "remove") return "withdrawn from the repository";
  if (change.action !== "update") return change.reason ?? "";
  return change.before === change.version ? "changed in the repository" : "another version in the repository";
}

function row(change) {
  const action = made("span", "state", change.action);
  action.dataset.action = change.action;
  const name = made("th", "", change.name);
  name.scope = "row";
  return made(
    "tr",
    "",
    name,
    made("td", "", action),
    made("td", "before", change.before ?? ""),
    made("td", "then", change.version ?? ""),
    made("td", "app", why(change)),
  );
}

function table(changes) {
  const titles = ["Package", "Action", "Now", "Then", "Why"].map((title) => {
    const cell = made("th", "", title);
    cell.scope = "col";
    return cell;
  });
  const all = made(
    "table",
    "builds plan",
    made("thead", "", made("tr", "", ...titles)),
    made("tbody", "", ...changes.slice(0, LISTED).map(row)),
  );
  all.setAttribute("aria-labelledby", "plan-title");
  return made("div", "scroll", all);
}

function counts(plan) {
  const shown = made("ul", "counts");
  for (const [action, words] of Object.entries(actions)) {
    const count = plan.changes.filter((change) => change.action === action).length;
    if (count > 0) shown.append(made("li", "", made("strong", "", String(count)), ` ${words}`));
  }
  shown.append(made("li", "", made("strong", "", String(plan.unchanged)), " unchanged"));
  return shown;
}

function withdrawn(names) {
  const details = made(
    "details",
    "folded",
    made("summary", "", `${names.length} withdrawn, but kept`),
    made("p", "", names.join(", ")),
  );
  details.open = names.length <= 20;
  return details;
}

function more(left, what) {
  return left > 0 ? [made("p", "quiet", `and ${left} more ${what}`)] : [];
}

/** @param {object} plan as the API tells it */
export function summary(plan) {
  const count = plan.changes.filter((change) => change.action !== "skip").length;
  if (count === 0) return `Nothing would change: ${plan.unchanged} packages are as they should be.`;
  return count === 1 ? "1 package would change." : `${count} packages would change.`;
}

/**
 * @param {object} plan as the API tells it
 * @returns {Node[]} what to show of it
 */
export function shown(plan) {
  const parts = [];
  if (plan.changes.length > 0) {
    parts.push(counts(plan), table(plan.changes), ...more(plan.changes.length - LISTED, "packages"));
  }
  if (plan.withdrawn.length > 0) parts.push(withdrawn(plan.withdrawn));
  parts.push(...plan.notes.slice(0, LISTED).map((note) => made("p", "quiet", note)));
  parts.push(...more(plan.notes.length - LISTED, "notes"));
  return parts;
}
