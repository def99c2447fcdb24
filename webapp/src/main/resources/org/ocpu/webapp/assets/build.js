// Lets a build's page follow the build: log lines as they come, the summary anew when its state changes.

const log = document.getElementById("log");
const page = `/builds/${log.dataset.build}`;
const api = `/api/v1${page}`;

/** @param {string} text one line of the log; the page scrolls along while its end is in view */
function append(text) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(text, "\n");
  if (atEnd) log.scrollTop = log.scrollHeight;
}

/** Takes the summary from the server's own page, so that there is one place that writes it. */
async function refresh() {
  const answer = await fetch(page, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("summary").replaceWith(fresh.getElementById("summary"));
}

function follow() {
  let refreshed = Promise.resolve();
  const events = new EventSource(`${api}/events?after=${log.dataset.lines}`);
  events.addEventListener("line", (event) => append(JSON.parse(event.data).text));
  events.addEventListener("state", () => (refreshed = refreshed.then(refresh, refresh)));
  events.addEventListener("end", () => {
    events.close();
    refreshed = refreshed.then(refresh, refresh);
  });
}

log.scrollTop = log.scrollHeight;
if (log.dataset.live === "true") follow();
