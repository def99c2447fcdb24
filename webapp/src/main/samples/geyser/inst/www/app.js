// A plot that follows a slider: the element calls the function with the newest arguments and shows what it draws.

import { ocpu } from "../../../../ocpu.mjs";

const { rpc } = ocpu("../R");
const $ = (id) => document.getElementById(id);
const [plot, slider] = [$("plot"), $("bandwidth")];
const dark = matchMedia("(prefers-color-scheme: dark)");
const list = new Intl.ListFormat("en");

function draw() {
  const minutes = `${slider.value} minute${slider.value === "1" ? "" : "s"}`;
  $("minutes").textContent = minutes;
  slider.setAttribute("aria-valuetext", minutes);
  plot.args = { bandwidth: slider.valueAsNumber, dark: dark.matches };
}

/** Says in words what the plot shows: the function's value has a row for each peak. */
async function tell({ detail }) {
  const peaks = await detail.session.value();
  if (plot.loaded?.session !== detail.session) return; // there is a newer one
  const at = peaks.slice(0, 6).map((peak) => peak.minutes.toFixed(0));
  const few = peaks.length <= 6;
  const text = `${peaks.length} ${peaks.length === 1 ? "peak" : "peaks"}${few ? `, at ${list.format(at)} minutes` : ": mostly noise"}.`;
  $("peaks").textContent = text;
  plot.alt = `Density of the minutes until the next eruption: ${text}`;
}

/** Buttons with the bandwidths that R's own rules give. */
async function offerRules() {
  for (const { rule, minutes } of await rpc("bandwidths")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${rule}: ${minutes}`;
    button.addEventListener("click", () => {
      slider.value = minutes;
      draw();
    });
    $("rules").append(button);
  }
}

slider.addEventListener("input", draw);
dark.addEventListener("change", draw);
plot.addEventListener("ocpu-load", tell);
plot.addEventListener("ocpu-error", () => ($("peaks").textContent = ""));
draw();
offerRules();
