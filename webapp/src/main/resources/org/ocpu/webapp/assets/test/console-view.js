// What R's console would have shown: each piece with a label and a colour of its own.

import { ask } from "./api.js";
import { button, element } from "./dom.js";

const FIRST = 300;
const STARTS = { "> ": "source", "Warning message:\n": "warning", "Message:\n": "message", "Error:\n": "error" };

/** @typedef {{kind: "source" | "output" | "warning" | "message" | "error" | "plot", text: string}} Piece */

/** @param {string} session its path @returns {Promise<Piece[]>} in the order in which they came */
export async function consolePieces(session) {
  const parts = await (await ask(`${session}/console/json`)).json();
  const printed = parts.some((part) => kindOf(part) !== "output") ? await stdout(session) : [];
  // What R code printed can look like anything, so each text that was printed is known by what it is.
  return parts.map((text) => {
    if (printed.length && trimmed(printed[0]) === text) {
      printed.shift();
      return { kind: "output", text };
    }
    return pieceOf(text);
  });
}

async function stdout(session) {
  return (await (await ask(`${session}/stdout/json`)).json()).flat();
}

const trimmed = (text) => text.replace(/\n$/, "");

function kindOf(text) {
  if (text === "[[ plot ]]") return "plot";
  return STARTS[Object.keys(STARTS).find((start) => text.startsWith(start))] ?? "output";
}

function pieceOf(text) {
  const kind = kindOf(text);
  if (kind === "source") return { kind, text };
  return { kind, text: kind === "output" || kind === "plot" ? text : text.slice(text.indexOf("\n") + 1) };
}

/** @param {Piece[]} pieces of a script's console @returns {number} the line, from 1, of the expression that was evaluated last */
export function lastLine(pieces) {
  const sources = pieces.filter(({ kind }) => kind === "source").map(({ text }) => text.split("\n").length);
  return sources.slice(0, -1).reduce((sum, lines) => sum + lines, 1);
}

/**
 * @param {Piece[]} pieces
 * @param {(n: number) => void} toPlot what pressing a plot's line does; its number counts from 1
 * @returns {HTMLElement}
 */
export function consoleView(pieces, toPlot) {
  let plots = 0;
  const view = element("div", { className: "console", tabIndex: 0, role: "region", "aria-label": "Console" });
  const show = (from) => {
    view.append(...pieces.slice(from, from + FIRST).map((piece) => {
      if (piece.kind === "plot") plots += 1;
      return pieceView(piece, plots, toPlot);
    }));
    const left = pieces.length - from - FIRST;
    if (left <= 0) return;
    const more = button(`${left.toLocaleString("en")} more`, () => {
      more.remove();
      show(from + FIRST);
    });
    view.append(more);
  };
  show(0);
  return view;
}

function pieceView({ kind, text }, plot, toPlot) {
  const line = element("div", { className: "piece", dataset: { kind } });
  if (["warning", "message", "error"].includes(kind)) line.append(element("span", { className: "label", textContent: kind }));
  if (kind === "plot") line.append(button(`Plot ${plot}`, () => toPlot(plot), { className: "small" }));
  else line.append(element("pre", { textContent: text }));
  return line;
}
