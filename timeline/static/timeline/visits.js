// Since your last visit: the day is kept in this browser alone and sent nowhere.
(() => {
  "use strict";
  const line = document.getElementById("visit");
  if (!line) return;
  const KEY = "commitments-last-visit";
  const today = new Date().toISOString().slice(0, 10);
  try {
    const seen = JSON.parse(localStorage.getItem(KEY) || "{}");
    // Within a day the earlier visit stays the last one: a second look must not hide the news.
    const last = seen.today === today ? seen.before : seen.today;
    localStorage.setItem(KEY, JSON.stringify({ today, before: last }));
    if (!/^\d{4}-\d{2}-\d{2}$/.test(last || "")) return;
    const address = new URL(line.dataset.changed, location.href);
    address.searchParams.set("since", last);
    line.querySelector("a").href = address.href;
    const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
    line.querySelector("[data-since]").textContent = words.format(new Date(last));
    line.hidden = false;
    for (const card of document.querySelectorAll("[data-changed-on]")) {
      if (card.dataset.changedOn >= last) card.classList.add("is-new");
    }
  } catch {
    // Without a store (private window, switched off) there is no last visit to tell of.
  }
})();
