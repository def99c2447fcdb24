// What every page has: buttons that copy code, and "/" for the search. A page loads it; what scripts share is in modules of its own.

import { addCopyButtons } from "./copy.js";

/** Whether a key belongs to what is being typed into. @param {KeyboardEvent} event */
function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]");
}

addCopyButtons(document);
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  if (event.key !== "/" || !search || isTyping(event)) return;
  event.preventDefault();
  search.focus();
  search.select();
});
