"use strict";

// Below a title: what is on record already with a similar one, asked while one types.
(() => {
  const PAUSE = 400; // milliseconds without a key before it asks

  function show(place, answer) {
    place.replaceChildren();
    if (!answer.similar.length) return;
    place.append(answer.sentence);
    const list = document.createElement("ul");
    for (const one of answer.similar) {
      const link = document.createElement("a");
      link.href = one.url;
      link.target = "_blank"; // what is half written here stays
      link.rel = "noopener";
      link.textContent = one.words;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    place.append(list);
  }

  function watch(input) {
    const place = document.createElement("div");
    place.className = "read-back";
    place.setAttribute("aria-live", "polite");
    input.insertAdjacentElement("afterend", place);
    const opened = input.value;
    let timer = 0;
    let latest = null;

    async function look() {
      latest?.abort();
      const mine = (latest = new AbortController());
      const asked = new URLSearchParams({ title: input.value });
      const own = /\/commitment\/([0-9]+)\/change\//.exec(location.pathname);
      if (own) asked.set("besides", own[1]);
      try {
        const response = await fetch(`${input.dataset.similar}?${asked}`, { signal: mine.signal });
        if (response.ok) show(place, await response.json());
      } catch (error) {
        if (error.name !== "AbortError") place.replaceChildren();
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    });
    if (opened && !location.pathname.includes("/change/")) look();
  }

  const start = () => document.querySelectorAll("input[data-similar]").forEach(watch);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
