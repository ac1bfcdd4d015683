/* What the theme leaves to the mouse gets a key and a name. No page needs this file to be read. */
"use strict";

(() => {
  const NATIVE = "a[href], button, input, select, textarea, summary, [contenteditable]";
  const words = () => document.getElementById("desk-words")?.dataset ?? {};

  /* The theme draws some of its buttons as bare icons: the name of an icon is no name for a person. */
  const wordsOfIcons = () => ({
    dock_to_right: words().menu,
    dock_to_left: words().menu,
    left_panel_close: words().menu,
    left_panel_open: words().menu,
    menu: words().menu,
    close: words().close,
    more_horiz: words().more,
    more_vert: words().more,
    visibility: words().password,
    visibility_off: words().password,
    search: words().search,
  });

  const click = (event) => {
    if (event.target === event.currentTarget && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.currentTarget.click();
    }
  };

  const nameIcon = (element) => {
    const icon = element.textContent.trim();
    const name = wordsOfIcons()[icon];
    if (name && !element.hasAttribute("aria-label")) {
      element.setAttribute("aria-label", name);
    }
  };

  const giveKey = (element) => {
    if (element.matches(NATIVE) || element.hasAttribute("tabindex")) return;
    if (element.id === "changelist-filter-close" || element.querySelector(NATIVE)) return;
    element.tabIndex = 0;
    if (!element.hasAttribute("role")) element.setAttribute("role", "button");
    nameIcon(element);
    element.addEventListener("keydown", click);
  };

  const nameField = (element) => {
    if (element.labels?.length || element.ariaLabel || element.hasAttribute("aria-labelledby")) return;
    const cell = element.closest("td");
    const name = cell?.dataset.label || cell?.getAttribute("aria-label") || element.title;
    if (name) element.setAttribute("aria-label", name);
  };

  /* A choice that is searched while typing hides its own field, and with it the name. */
  const nameChoice = (select) => {
    const shown = select.nextElementSibling;
    if (!shown?.classList.contains("select2-container")) return;
    const label = select.labels?.[0]?.textContent.trim() || select.getAttribute("aria-label");
    const name = (label || select.closest("td")?.dataset.label || "").replace(/\s*\*$/, "");
    if (!name) return;
    for (const part of shown.querySelectorAll(
      "[role=combobox], [role=textbox], .select2-search__field",
    )) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
    const chosen = shown.querySelector("ul.select2-selection__rendered");
    if (chosen) chosen.setAttribute("role", "presentation");
    for (const item of chosen?.children ?? []) item.setAttribute("role", "presentation");
  };

  const CLICKED = "[x-on\\:click]";
  const care = (root) => {
    root.querySelectorAll(CLICKED).forEach(giveKey);
    root.querySelectorAll("select.select2-hidden-accessible").forEach(nameChoice);
    root.querySelectorAll("td select, td input, td textarea").forEach(nameField);
    root.querySelectorAll("#nav-sidebar [role=region]").forEach((one) => {
      one.setAttribute("role", "presentation");
      one.removeAttribute("aria-label");
    });
    root.querySelectorAll(".help-tooltip[aria-label]").forEach((one) => one.setAttribute("role", "img"));
    root.querySelectorAll("th").forEach((one) => {
      if (!one.textContent.trim() && !one.children.length) one.setAttribute("role", "presentation");
    });
  };

  const landmarks = () => {
    const set = (selector, role, name) => {
      const element = document.querySelector(selector);
      element?.setAttribute("role", role);
      if (name) element?.setAttribute("aria-label", name);
    };
    set("#main", "main");
    set(".login #page", "main");
    set("#nav-sidebar", "navigation", words().menu);
  };

  let waiting = false;
  const careSoon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      care(document);
    });
  };

  /* The filters open over the page: the focus goes there, and comes back with Escape. */
  const followFilters = () => {
    const panel = document.getElementById("changelist-filter");
    const opener = document.querySelector("[x-on\\:click='filterOpen = true']");
    if (!panel || !opener) return;
    opener.setAttribute("aria-controls", panel.id);
    opener.setAttribute("aria-haspopup", "true");
    const moveInside = (triesLeft) => {
      const inside = panel.querySelectorAll("[role=combobox], a[href], button, input, select");
      for (const one of inside) {
        one.focus();
        if (document.activeElement === one) return;
      }
      /* The theme shows the panel a little later. */
      if (triesLeft) setTimeout(moveInside, 50, triesLeft - 1);
    };
    opener.addEventListener("click", () => setTimeout(moveInside, 0, 10));
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && panel.contains(document.activeElement)) opener.focus();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    landmarks();
    care(document);
    followFilters();
    new MutationObserver(careSoon).observe(document.body, { childList: true, subtree: true });
  });
})();
