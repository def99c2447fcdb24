// A field for R code, with numbers beside its lines, and the Tab key.

import { $ } from "./dom.js";

const INDENT = "  ";

/** @param {HTMLTextAreaElement} field @param {HTMLElement} numbers */
export function makeEditor(field, numbers) {
  let leaving = false;
  const count = () => {
    const lines = field.value.split("\n").length;
    numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
    follow();
  };
  const follow = () => (numbers.scrollTop = field.scrollTop);
  field.addEventListener("input", count);
  field.addEventListener("scroll", follow);
  field.addEventListener("blur", () => (leaving = false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !leaving) {
      event.preventDefault();
      indent(field, event.shiftKey);
    }
    if (event.key !== "Shift") leaving = event.key === "Escape";
  });
  count();
  return { count };
}

/** The lines that are selected, or the place where the cursor is. */
function indent(field, out) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  if (start === end && !out) return insert(field, INDENT);
  const first = value.lastIndexOf("\n", start - 1) + 1;
  const lines = value.slice(first, end).split("\n");
  const moved = lines.map((line) => (out ? line.replace(/^ {1,2}|^\t/, "") : INDENT + line)).join("\n");
  field.setSelectionRange(first, end);
  insert(field, moved);
  field.setSelectionRange(first + (start === end ? moved.length : 0), first + moved.length);
  return undefined;
}

/** By the command that browsers can undo; it is old, and nothing has taken its place. */
function insert(field, text) {
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {number} line from 1: puts the cursor there */
export function goTo(line) {
  const field = $("script");
  const start = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = field.value.indexOf("\n", start);
  field.focus();
  field.setSelectionRange(start, end < 0 ? field.value.length : end);
}
