// What an admin does with an app: another version live, another build, its end.

import { perform, say } from "./actions.js";

const app = document.querySelector("[data-app]").dataset.app;
const said = document.getElementById("said");

/** Takes the versions from the server's own page. */
async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["#versions tbody", ".facts", ".head .name"]) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
}

perform({
  rollback: {
    confirm: (button) => ({
      title: "Make this version live?",
      words: `${button.dataset.says} takes the place of the live one at once. The next push brings the newest again.`,
      yes: "Make it live",
    }),
    request: (button) => ["POST", `/apps/${app}/rollback`, { version: Number(button.dataset.version) }],
    meanwhile: "The app is being rolled back.",
    then: async (_, button) => {
      await refresh();
      say(`${button.dataset.says} is live.`);
      said.focus();
    },
  },
  rebuild: {
    request: () => ["POST", `/apps/${app}/rebuild`],
    meanwhile: "It is being built again.",
    then: (build) => location.assign(build.url),
  },
  remove: {
    confirm: () => ({
      title: `Remove ${app}?`,
      words: "Its address is gone at once, with all its versions. A later push brings it back.",
      yes: "Remove it",
      danger: true,
    }),
    request: () => ["DELETE", `/apps/${app}`],
    meanwhile: "The app is being removed.",
    then: () => location.assign("/"),
  },
});
