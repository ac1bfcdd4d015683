// What lists do beyond their links: the picture in time for pointer and keyboard, and what is new since
// the last visit. In one file, for a page is to ask for few.
//
// The picture: details under the hand, ways from item to item, and a look as close as one likes. Where
// everything stands is decided on the server; this file asks it for another drawing, and draws out the
// present one until that is there. Without it the links and the table do the same.

"use strict";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const ENOUGH = 60; // pixels that a hand has to pull for the next or the last view
const A_MONTH = 30.44 * 86_400_000; // milliseconds
const WIDEST = 720 * A_MONTH;
const SETTLED = 250; // milliseconds without a movement after which the server is asked
let turn = 0; // the last look that was asked for: an answer to an earlier one is late
let whole = null; // how long all of it is, once it was seen

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

async function look(figure, address, { remember = true, focus = false, gesture = false } = {}) {
  const canvas = figure.querySelector(".canvas");
  const page = new URL(address, window.location.href);
  const mine = (turn += 1);
  canvas.classList.add("is-waiting");
  try {
    const answer = await fetch(page.pathname.replace(/\/?$/, "/picture/") + page.search);
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== turn) {
      return;
    }
    const fresh = parsed.querySelector("figure.timeline");
    const at = document.activeElement?.closest?.("a.item")?.getAttribute("href");
    const wasOpen = figure.querySelector(".as-table").open;
    fresh.querySelector(".as-table").open = wasOpen;
    figure.replaceWith(fresh);
    if (remember) {
      // One zoom is one step back, however often it was turned.
      const way = gesture && window.history.state?.gesture ? "replaceState" : "pushState";
      window.history[way]({ picture: true, gesture }, "", page.pathname + page.search);
    }
    prepare(fresh);
    fresh.querySelector(".canvas").classList.toggle("has-changed", !gesture && !calm.matches);
    if (focus) {
      const items = itemsOf(fresh);
      const first = items.find((item) => item.getAttribute("href") === at) ?? items[0];
      if (first) {
        rove(items, first);
      }
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

// As close as one likes: a stretch of months, around the place under the hand

function stretchOf(canvas) {
  return { first: Date.parse(canvas.dataset.first), end: Date.parse(canvas.dataset.end) };
}

function monthOf(time) {
  const day = new Date(time);
  // The nearer end of the month: what was drawn out is not to jump.
  const number = day.getUTCFullYear() * 12 + day.getUTCMonth() + (day.getUTCDate() > 15 ? 1 : 0);
  return Math.min(Math.max(number, 12), 119_999);
}

function nameOf(number) {
  const year = String(Math.floor(number / 12)).padStart(4, "0");
  return `${year}-${String((number % 12) + 1).padStart(2, "0")}`;
}

function lookAtStretch(figure, { first, end }, options) {
  const all = figure.querySelector(".looks-at a");
  if (end - first >= (whole ?? WIDEST)) {
    look(figure, all.href, options);
    return;
  }
  const from = monthOf(first);
  const until = Math.max(monthOf(end) - 1, from);
  const page = new URL(all.href, window.location.href);
  page.searchParams.set("zoom", `${nameOf(from)}..${nameOf(until)}`);
  look(figure, page.href, options);
}

function zoomed({ first, end }, factor, share) {
  const length = Math.min(Math.max((end - first) / factor, A_MONTH), WIDEST);
  const around = first + (end - first) * share;
  return { first: around - length * share, end: around + length * (1 - share) };
}

function shareOf(canvas, x) {
  const box = canvas.getBoundingClientRect();
  return Math.min(Math.max((x - box.left) / box.width, 0), 1);
}

function drawOut(canvas, stretch) {
  const shown = stretchOf(canvas);
  const factor = (shown.end - shown.first) / (stretch.end - stretch.first);
  const left = (shown.first - stretch.first) / (stretch.end - stretch.first);
  for (const sheet of canvas.querySelectorAll(".sheet")) {
    sheet.style.width = `${factor * 100}%`;
    sheet.style.marginLeft = `${left * 100}%`;
  }
}

function closer(figure, factor) {
  const canvas = figure.querySelector(".canvas");
  const item = document.activeElement?.closest?.(".canvas a.item");
  const share = item ? shareOf(canvas, middleOf(item).x) : 0.5;
  lookAtStretch(figure, zoomed(stretchOf(canvas), factor, share), { focus: true, gesture: true });
}

function letZoom(figure, canvas) {
  let wanted = stretchOf(canvas);
  let timer = 0;
  const hands = new Map();
  let apart = 0;
  const zoom = (factor, x) => {
    turn += 1; // what was asked for before is not wanted any more
    hide(figure);
    wanted = zoomed(wanted, factor, shareOf(canvas, x));
    drawOut(canvas, wanted);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => lookAtStretch(figure, wanted, { gesture: true }), SETTLED);
  };
  // Two fingers on a touchpad come as a wheel with Ctrl; the wheel alone scrolls the page.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-0.008 * Math.min(Math.max(event.deltaY, -50), 50)), event.clientX);
      }
    },
    { passive: false },
  );
  const between = () => {
    const [one, other] = [...hands.values()];
    return { width: Math.max(Math.abs(one - other), 20), middle: (one + other) / 2 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    hands.set(event.pointerId, event.clientX);
    if (hands.size === 2) {
      apart = between().width;
      canvas.classList.add("is-pinched");
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (hands.has(event.pointerId)) {
      hands.set(event.pointerId, event.clientX);
    }
    if (hands.size === 2) {
      const { width, middle } = between();
      zoom(width / apart, middle);
      apart = width;
    }
  });
  const lift = (event) => {
    hands.delete(event.pointerId);
    if (hands.size === 0) {
      canvas.classList.remove("is-pinched");
    }
  };
  for (const kind of ["pointerup", "pointercancel", "pointerleave"]) {
    canvas.addEventListener(kind, lift);
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
    closer(figure, 2);
  } else if (event.key === "-") {
    closer(figure, 0.5);
  } else if (event.key === "0") {
    look(figure, figure.querySelector(".looks-at a").href, { focus: true });
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
    if (canvas.classList.contains("is-pinched")) {
      start = null;
      canvas.classList.remove("is-held");
      put(0);
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
    if (canvas.dataset.free && Math.abs(moved) > 6) {
      const { first, end } = stretchOf(canvas);
      const shift = ((end - first) * moved) / canvas.clientWidth;
      lookAtStretch(figure, { first: first - shift, end: end - shift }, { gesture: true });
      return;
    }
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
  if (!figure.querySelector(".steps a")) {
    const { first, end } = stretchOf(canvas);
    whole = end - first;
  }
  canvas.classList.add("can-zoom");
  letZoom(figure, canvas);
  letPan(figure, canvas);
}

const first = document.querySelector("figure.timeline");
if (first) {
  prepare(first);
  window.addEventListener("popstate", () => {
    look(document.querySelector("figure.timeline"), window.location.href, { remember: false });
  });
}

// Since the last visit: the day is kept in this browser alone and sent nowhere

function tellVisit(line) {
  const KEY = "commitments-last-visit";
  const today = new Date().toISOString().slice(0, 10);
  const seen = JSON.parse(localStorage.getItem(KEY) || "{}");
  // Within a day the earlier visit stays the last one: a second look must not hide the news.
  const last = seen.today === today ? seen.before : seen.today;
  localStorage.setItem(KEY, JSON.stringify({ today, before: last }));
  if (!/^\d{4}-\d{2}-\d{2}$/.test(last || "")) {
    return;
  }
  const address = new URL(line.dataset.changed, location.href);
  address.searchParams.set("since", last);
  line.querySelector("a").href = address.href;
  const language = document.documentElement.lang;
  const words = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  line.querySelector("[data-since]").textContent = words.format(new Date(last));
  line.hidden = false;
  for (const card of document.querySelectorAll("[data-changed-on]")) {
    card.classList.toggle("is-new", card.dataset.changedOn >= last);
  }
}

const visit = document.getElementById("visit");
if (visit) {
  try {
    tellVisit(visit);
  } catch {
    // Without a store (private window, switched off) there is no last visit to tell of.
  }
}
