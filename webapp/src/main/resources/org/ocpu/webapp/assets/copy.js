// Buttons that copy code.

/**
 * Copies a text; where browsers give pages no clipboard (neither https nor localhost), it is selected and waits for Ctrl+C.
 *
 * @param {HTMLElement} element whose text it is
 * @returns {Promise<boolean>} whether it is in the clipboard
 */
async function copy(element) {
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
document.body.append(announcer);

/** Tells those who do not see the page. @param {string} words */
function announce(words) {
  announcer.textContent = words;
}
