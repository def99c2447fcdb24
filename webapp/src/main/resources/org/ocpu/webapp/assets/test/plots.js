// A plot of a session as a picture: larger in a dialog, and as a file of any size.

import { ROOT } from "./api.js";
import { button, element, freshId } from "./dom.js";

const INCH = 72;

/** @param {string} path of the plot @param {string} label @returns {HTMLElement} */
export function plotView(path, label) {
  const width = 640;
  const height = 400;
  const picture = element("img", { width, height, alt: label, src: png(path, width, height) });
  const enlarge = button("", () => enlarged(path, label).showModal(), { className: "zoom", "aria-label": `Enlarge ${label}` });
  enlarge.append(picture);
  return element("div", { className: "plot" }, enlarge, downloads(path, label));
}

/** In the pixels of the screen, with letters of the same size. */
function png(path, width, height) {
  const scale = Math.min(devicePixelRatio || 1, 3);
  const pixels = { width: Math.round(width * scale), height: Math.round(height * scale), res: Math.round(INCH * scale) };
  return new URL(`${path}/png?${new URLSearchParams(pixels)}`, ROOT).href;
}

function enlarged(path, label) {
  const width = Math.max(300, Math.round(innerWidth * 0.9) - 48);
  const height = Math.max(220, Math.round(innerHeight * 0.85) - 96);
  const dialog = element("dialog", { className: "enlarged", "aria-label": label });
  const picture = element("img", { width, height, alt: label, src: png(path, width, height) });
  dialog.append(element("div", { className: "buttons" }, element("h2", { textContent: label }), button("Close", () => dialog.close())), picture);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return dialog;
}

function downloads(path, label) {
  const width = number("Width", 640);
  const height = number("Height", 400);
  const links = ["png", "svg", "pdf"].map((format) => {
    const link = element("a", { textContent: format.toUpperCase(), download: `${path.split("/").slice(-2).join("-")}.${format}` });
    link.setAttribute("aria-label", `Download ${label} as ${format.toUpperCase()}`);
    return { format, link };
  });
  const refer = () => {
    for (const { format, link } of links) link.href = new URL(`${path}/${format}?${sized(format, width.field.value, height.field.value)}`, ROOT);
  };
  for (const { field } of [width, height]) field.addEventListener("input", refer);
  refer();
  return element("div", { className: "buttons downloads" }, width.label, height.label, ...links.map(({ link }) => link));
}

function number(label, value) {
  const field = element("input", { type: "number", min: 50, max: 5000, step: 10, value, id: freshId("size") });
  return { field, label: element("label", { for: field.id }, `${label} `, field) };
}

/** Pixels for png; the others count in inches, and a pdf's page is A4 unless it is told not to be. */
function sized(format, width, height) {
  if (format === "png") return new URLSearchParams({ width, height });
  const inches = { width: (width / INCH).toFixed(3), height: (height / INCH).toFixed(3) };
  return new URLSearchParams(format === "pdf" ? { ...inches, paper: '"special"' } : inches);
}
