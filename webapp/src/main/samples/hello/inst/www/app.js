// Calls the functions of the package that this page belongs to: its API is at ../R/.

const api = new URL("../R/", location.href);
const $ = (id) => document.getElementById(id);

/**
 * Calls an R function. R's own message becomes the error's.
 * @param {string} path function name, with "/json" appended for its value at once
 * @param {Record<string, unknown>} args
 * @returns {Promise<Response>}
 */
async function call(path, args) {
  const response = await fetch(new URL(path, api), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(args),
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

async function greet() {
  const response = await call("greet/json", { name: $("name").value });
  const [greeting] = await response.json();
  $("greeting").textContent = greeting;
}

/** Draws on the server. The answer is a session: an address below which value, plots and files are kept. */
async function draw() {
  const args = { n: $("n").valueAsNumber, mean: $("mean").valueAsNumber, sd: $("sd").valueAsNumber };
  const response = await call("histogram", args);
  const session = new URL(response.headers.get("Location"), response.url);
  const plot = (format) => new URL(`graphics/last/${format}`, session).href;
  $("plot").src = plot("svg?width=9&height=5");
  $("png").href = plot("png?width=900&height=500");
  $("pdf").href = plot("pdf?width=9&height=5");
  $("session").href = session.href;
  $("figure").hidden = false;
  await summarize(new URL("R/.val/json", session));
}

async function summarize(address) {
  const [summary] = await (await fetch(address)).json();
  const entries = Object.entries(summary).map(([name, value]) => {
    const entry = document.createElement("div");
    entry.append(element("dt", name), element("dd", value.toLocaleString(undefined, { maximumFractionDigits: 2 })));
    return entry;
  });
  $("summary").replaceChildren(...entries);
}

function element(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

/** Runs an action when its form is sent, with its button off meanwhile and its failure shown. */
function onSubmit(form, button, action) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    $("error").hidden = true;
    try {
      await action();
    } catch (error) {
      $("error").textContent = error.message;
      $("error").hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

onSubmit($("greet-form"), $("greet"), greet);
onSubmit($("draw-form"), $("draw"), draw);
