// What every page has: buttons that copy code, and "/" for the search.

/**
 * Copies a text; where browsers give pages no clipboard (neither https nor localhost), it is selected and waits for Ctrl+C.
 *
 * @param {HTMLElement} element whose text it is
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
export async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}

/** Puts a button that copies into each block of code of an element. @param {ParentNode} within */
export function addCopyButtons(within) {
  for (const block of within.querySelectorAll(".code")) {
    if (block.querySelector("button")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    const what = block.querySelector("pre").getAttribute("aria-label");
    if (what) button.ariaLabel = `Copy: ${what}`;
    button.addEventListener("click", async () => {
      const copied = await copy(block.querySelector("pre"));
      button.textContent = copied ? "Copied" : "Ctrl+C";
      announce(copied ? "Copied." : "Selected: press Ctrl+C to copy.");
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    block.append(button);
  }
}

const announcer = document.createElement("p");
announcer.role = "status";
announcer.className = "visually-hidden";

/** Tells those who do not see the page. @param {string} words */
export function announce(words) {
  announcer.textContent = words;
}

/** Whether a key belongs to what is being typed into. @param {KeyboardEvent} event */
export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]");
}

document.body.append(announcer);
addCopyButtons(document);
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  if (event.key !== "/" || !search || isTyping(event)) return;
  event.preventDefault();
  search.focus();
  search.select();
});
