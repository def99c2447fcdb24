// Calls the functions of the package that this page belongs to, with the client library that the server has.

import { ocpu } from "../../../../ocpu.mjs";

const { call, rpc } = ocpu("../R");
const $ = (id) => document.getElementById(id);

async function greet() {
  $("greeting").textContent = await rpc("greet", { name: $("name").value });
}

/** Draws on the server. The answer is a session: an address below which value, plots and files are kept. */
async function draw() {
  const args = { n: $("n").valueAsNumber, mean: $("mean").valueAsNumber, sd: $("sd").valueAsNumber };
  const session = await call("histogram", args);
  const plot = session.plot();
  const size = { width: 720, height: 400 };
  $("plot").src = plot.svg(size);
  $("png").href = plot.png({ ...size, scale: 2 });
  $("pdf").href = plot.pdf(size);
  $("session").href = session.url;
  $("figure").hidden = false;
  const [summary] = await session.value();
  summarize(summary);
}

function summarize(summary) {
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
