"use strict";

// Beside each date that is written in words: what it is understood as, asked while one types.
// All sentences come from the server, in the editor's language. Without script they come on saving.
(() => {
  const PAUSE = 300; // milliseconds without a key before it asks

  /** The first value of the fields of `form` that match, "" if none is filled in. */
  const first = (form, selector) =>
    [...form.querySelectorAll(selector)].map((field) => field.value).find(Boolean) || "";

  /** The question for `input`: its words, and what on the page decides about their meaning. */
  function question(input) {
    const form = input.form;
    const asked = new URLSearchParams({ text: input.value });
    const add = (name, value) => value && asked.append(name, value);
    add("past", input.dataset.past);
    add("commitment", input.dataset.commitment);
    add("language", input.dataset.language);
    add("said_on", input.dataset.saidOn);
    add("hemisphere", first(form, "[name=hemisphere]"));
    add("time_zone", first(form, "[name=time_zone]"));
    const inline = "[name^=citations-][name$=-source]:not([name*=__prefix__])";
    add("source", first(form, `${inline}, [name=new_source], [name=source]`));
    form.querySelectorAll("[name=citations]:checked").forEach((one) => add("citation", one.value));
    return asked;
  }

  function show(place, input, answer, look) {
    place.replaceChildren();
    place.classList.toggle("wrong", !answer.understood);
    const sentence = document.createElement("span");
    sentence.textContent = [answer.sentence, answer.nearest_label].filter(Boolean).join(" ");
    place.append(sentence);
    for (const phrase of answer.nearest || []) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nearest";
      button.textContent = phrase;
      button.addEventListener("click", () => {
        input.value = phrase;
        input.focus();
        look();
      });
      place.append(" ", button);
    }
    if (answer.edtf) {
      const code = document.createElement("code");
      code.textContent = answer.edtf;
      place.append(" ", code);
    }
  }

  function watch(input) {
    const place = document.createElement("p");
    place.className = "read-back";
    place.id = `${input.id}_read_back`;
    place.setAttribute("aria-live", "polite");
    input.insertAdjacentElement("afterend", place);
    let timer = 0;
    let latest = null; // an answer that was overtaken by the next question is thrown away

    async function look() {
      latest?.abort();
      const mine = (latest = new AbortController());
      try {
        const response = await fetch(`${input.dataset.readBack}?${question(input)}`, {
          headers: { Accept: "application/json" },
          signal: mine.signal,
        });
        if (response.ok) show(place, input, await response.json(), look);
        else place.replaceChildren();
      } catch (error) {
        if (error.name !== "AbortError") place.replaceChildren();
      }
    }

    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    };
    input.addEventListener("input", soon);
    const others = (event) => {
      const name = event.target.name || "";
      if (/(^|-|_)source$|^(hemisphere|time_zone|citations)$/.test(name) && input.value) soon();
    };
    input.form.addEventListener("change", others);
    // The choices that search while one types tell of a change through jQuery only.
    window.django?.jQuery?.(input.form).on("change", others);
    if (input.value) look();
  }

  const start = () => document.querySelectorAll("input[data-read-back]").forEach(watch);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
