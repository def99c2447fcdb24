// Tabs of which one is chosen, as the ARIA Authoring Practices describe them.

/** @param {HTMLElement} list @param {(tab: HTMLElement) => void} chosen is told of one that is pressed */
export function makeTabs(list, chosen) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  for (const tab of tabs) tab.addEventListener("click", () => tab.ariaSelected !== "true" && chosen(tab));
  list.addEventListener("keydown", ({ key, target }) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!by) return;
    const next = tabs[(tabs.indexOf(target) + by + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });
}

/** @param {HTMLElement} list @param {string} mode of the tab that is to be chosen, whose panel is shown */
export function showTab(list, mode) {
  for (const tab of list.querySelectorAll("[role=tab]")) {
    const selected = tab.dataset.mode === mode;
    tab.ariaSelected = String(selected);
    tab.tabIndex = selected ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !selected;
  }
}
