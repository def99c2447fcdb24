// Finds apps while one types: the server's own page for what is looked for, of which the list is taken.

const form = document.getElementById("search");

/** @type {AbortController | undefined} the newest search's */
let running;

function address() {
  const asked = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...asked]) if (!value.trim()) asked.delete(name);
  return asked.size ? `/?${asked}` : "/";
}

/** @param {string} page its address */
async function show(page) {
  running?.abort();
  const mine = (running = new AbortController());
  const apps = document.getElementById("apps");
  apps.ariaBusy = "true";
  try {
    const answer = await fetch(page, { headers: { Accept: "text/html" }, signal: mine.signal });
    if (!answer.ok) throw new Error(`The server answered with status ${answer.status}.`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("apps");
    // The same line of words is kept, so that what it says is told.
    document.getElementById("found").replaceChildren(...fresh.querySelector("#found").childNodes);
    apps.replaceChildren(document.getElementById("found"), ...[...fresh.children].filter((part) => part.id !== "found"));
  } catch (failure) {
    if (mine.signal.aborted) return;
    document.getElementById("found").textContent = `The search failed: ${failure.message}`;
  }
  apps.ariaBusy = "false";
}

/** Not again when nothing but the focus has changed. */
function search() {
  if (address() === location.pathname + location.search) return;
  history.replaceState(null, "", address());
  show(address());
}

if (form) {
  form.addEventListener("input", search);
  form.addEventListener("change", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
}
