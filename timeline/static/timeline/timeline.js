// The picture in time for pointer and keyboard: details under the hand, ways from item to item, and a
// closer look without a new page. Where everything stands is decided on the server; this file asks it
// for another drawing. Without it the links and the table do the same.

"use strict";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const ENOUGH = 60; // pixels that a hand has to pull for the next or the last view

function drawing(figure) {
  return [...figure.querySelectorAll(".sheet")].find((sheet) => sheet.getClientRects().length > 0);
}

function itemsOf(figure) {
  const sheet = drawing(figure);
  return sheet ? [...sheet.querySelectorAll("a.item")] : [];
}

function middleOf(item) {
  const mark = item.querySelector(".window, .point, .quote, .part, .number") ?? item;
  const box = mark.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

// Details

function show(figure, item) {
  const [title, ...rest] = item.dataset.words.split("\n");
  const tip = figure.querySelector(".tip");
  const heading = document.createElement("b");
  heading.textContent = title;
  const lines = rest.filter(Boolean).map((words) => {
    const line = document.createElement("span");
    line.textContent = words;
    return line;
  });
  tip.replaceChildren(heading, ...lines);
  tip.hidden = false;
  const whole = figure.getBoundingClientRect();
  const left = middleOf(item).x - whole.left - tip.offsetWidth / 2;
  const inside = Math.max(0, Math.min(left, whole.width - tip.offsetWidth));
  const below = item.getBoundingClientRect().bottom - whole.top + 6;
  tip.style.transform = `translate(${inside}px, ${below}px)`;
}

function hide(figure) {
  figure.querySelector(".tip").hidden = true;
}

// Another view

async function look(figure, address, { remember = true, focus = false } = {}) {
  const canvas = figure.querySelector(".canvas");
  const page = new URL(address, window.location.href);
  canvas.classList.add("is-waiting");
  try {
    const answer = await fetch(page.pathname.replace(/\/?$/, "/picture/") + page.search);
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = parsed.querySelector("figure.timeline");
    const wasOpen = figure.querySelector(".as-table").open;
    fresh.querySelector(".as-table").open = wasOpen;
    figure.replaceWith(fresh);
    if (remember) {
      window.history.pushState({ picture: true }, "", page.pathname + page.search);
    }
    prepare(fresh);
    fresh.querySelector(".canvas").classList.toggle("has-changed", !calm.matches);
    if (focus) {
      const first = itemsOf(fresh)[0];
      (first ?? fresh.querySelector(".choices a[aria-current]")).focus({ preventScroll: true });
    }
  } catch {
    // No connection or a refusal: the page itself can say why.
    window.location.assign(page.href);
  }
}

function follow(figure, selector, options) {
  const link = figure.querySelector(selector);
  if (link) {
    look(figure, link.href, options);
  }
  return Boolean(link);
}

function closer(figure, steps) {
  const links = [...figure.querySelectorAll(".looks-at a")];
  const now = links.findIndex((link) => link.hasAttribute("aria-current"));
  const wanted = links[now + steps];
  if (wanted) {
    look(figure, wanted.href, { focus: true });
  }
}

// Keys

function nearest(items, item, up) {
  const here = middleOf(item);
  const beyond = items
    .map((other) => ({ other, at: middleOf(other) }))
    .filter(({ at }) => (up ? at.y < here.y - 8 : at.y > here.y + 8));
  beyond.sort(
    (one, two) =>
      Math.abs(one.at.y - here.y) * 2 +
      Math.abs(one.at.x - here.x) -
      (Math.abs(two.at.y - here.y) * 2 + Math.abs(two.at.x - here.x)),
  );
  return beyond[0]?.other;
}

function onKey(figure, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const items = itemsOf(figure);
  const item = event.target.closest("a.item");
  const at = items.indexOf(item);
  const ways = {
    ArrowRight: () => items[at + 1],
    ArrowLeft: () => items[at - 1],
    ArrowDown: () => nearest(items, item, false),
    ArrowUp: () => nearest(items, item, true),
    Home: () => items[0],
    End: () => items[items.length - 1],
  };
  if (event.key === "+" || event.key === "=") {
    closer(figure, 1);
  } else if (event.key === "-") {
    closer(figure, -1);
  } else if (event.key === "PageUp" || event.key === "PageDown") {
    if (!follow(figure, `[data-key=${event.key}]`, { focus: true })) {
      return;
    }
  } else if (event.key === "Escape") {
    hide(figure);
  } else if (item && event.key in ways) {
    const next = ways[event.key]();
    if (next) {
      rove(items, next);
      next.focus();
    }
  } else {
    return;
  }
  event.preventDefault();
}

function rove(items, chosen) {
  for (const item of items) {
    item.setAttribute("tabindex", item === chosen ? "0" : "-1");
  }
}

// The hand

function letPan(figure, canvas) {
  if (!figure.querySelector(".steps a")) {
    return;
  }
  canvas.classList.add("can-pan");
  let start = null;
  const sheets = () => canvas.querySelectorAll(".sheet");
  const put = (pixels) => {
    for (const sheet of sheets()) {
      sheet.style.transform = pixels ? `translateX(${pixels}px)` : "";
    }
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      start = { x: event.clientX, moved: 0 };
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (start === null) {
      return;
    }
    start.moved = event.clientX - start.x;
    if (Math.abs(start.moved) > 6 && !canvas.classList.contains("is-held")) {
      canvas.classList.add("is-held");
      canvas.setPointerCapture(event.pointerId);
    }
    if (canvas.classList.contains("is-held")) {
      hide(figure);
      put(calm.matches ? 0 : start.moved);
    }
  });
  const end = () => {
    if (start === null) {
      return;
    }
    const { moved } = start;
    start = null;
    if (canvas.classList.contains("is-held")) {
      // The click that follows belongs to the hand, not to what lies under it.
      canvas.dataset.pulled = "yes";
      window.setTimeout(() => delete canvas.dataset.pulled, 0);
    }
    canvas.classList.remove("is-held");
    const selector = moved > 0 ? "[data-key=PageUp]" : "[data-key=PageDown]";
    if (Math.abs(moved) < ENOUGH || !follow(figure, selector)) {
      put(0);
    }
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
  canvas.addEventListener(
    "click",
    (event) => {
      if (canvas.dataset.pulled) {
        event.preventDefault();
      }
    },
    true,
  );
}

function prepare(figure) {
  const canvas = figure.querySelector(".canvas");
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  figure.append(tip);
  for (const sheet of figure.querySelectorAll(".sheet")) {
    sheet.removeAttribute("aria-hidden");
    sheet.setAttribute("role", "group");
    sheet.setAttribute("aria-label", canvas.dataset.label);
    const items = [...sheet.querySelectorAll("a.item")];
    for (const item of items) {
      const title = item.querySelector("title");
      item.dataset.words = title.textContent;
      item.setAttribute("aria-label", title.textContent.split("\n").filter(Boolean).join(", "));
      title.remove();
    }
    if (items.length > 0) {
      rove(items, items[0]);
    }
  }
  for (const kind of ["pointerover", "focusin"]) {
    canvas.addEventListener(kind, (event) => {
      const item = event.target.closest("a.item");
      if (item && !canvas.classList.contains("is-held")) {
        show(figure, item);
      } else {
        hide(figure);
      }
    });
  }
  canvas.addEventListener("pointerleave", () => hide(figure));
  canvas.addEventListener("focusout", () => hide(figure));
  figure.addEventListener("keydown", (event) => {
    if (event.target.closest(".canvas, .timeline-bar")) {
      onKey(figure, event);
    }
  });
  figure.addEventListener("click", (event) => {
    const link = event.target.closest(".timeline-bar a, .axis a");
    if (link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      // In a drawing the address of a link is an object of its own.
      look(figure, link.getAttribute("href"));
    }
  });
  letPan(figure, canvas);
}

const first = document.querySelector("figure.timeline");
if (first) {
  prepare(first);
  window.addEventListener("popstate", () => {
    look(document.querySelector("figure.timeline"), window.location.href, { remember: false });
  });
}
