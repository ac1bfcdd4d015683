"use strict";

// Marked words of a statement become the quote of the form, with their place; what the server
// finds in them is proposed. Without script one pastes the words, or accepts a candidate.
(() => {
  const screen = document.getElementById("statement");
  const text = document.getElementById("statement-text");
  if (!screen || !text) return;
  const field = (name) => document.getElementById(`id_${name}`);
  const place = document.getElementById("id_quote_place");

  /** Characters, as Python counts them: a pair of surrogates is one. */
  const length = (words) => [...words].length;

  /** The marked words as offsets into the text, or null where the mark is empty or elsewhere. */
  function marking() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = length(before.toString());
    return { start, end: start + length(range.toString()) };
  }

  function fill(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    // A choice that one can search in shows what was chosen only when jQuery tells it.
    window.django?.jQuery?.(input).trigger("change");
  }

  /** Fill in what is empty, or what was proposed for the marking before and is still untouched. */
  function propose(name, value) {
    const input = field(name);
    if (!value || (input.value && input.value !== input.dataset.proposed)) return;
    fill(input, value);
    input.dataset.proposed = value;
  }

  function offerDates(words) {
    document.getElementById("date-words")?.remove();
    const list = document.createElement("p");
    list.id = "date-words";
    list.className = "read-back";
    list.setAttribute("aria-live", "polite");
    field("when").insertAdjacentElement("beforebegin", list);
    list.textContent = words.length ? screen.dataset.propose : screen.dataset.none;
    for (const phrase of words) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nearest";
      button.textContent = phrase;
      button.addEventListener("click", () => {
        fill(field("when"), phrase);
        fill(field("wording"), phrase);
        field("when").focus();
      });
      list.append(" ", button);
    }
  }

  function show(found) {
    fill(field("quote"), found.quote);
    field("start").value = found.start;
    field("end").value = found.end;
    place.textContent = found.place;
    field("locator").value = found.locator;
    offerDates(found.date_words);
    const words = found.date_words[0] || "";
    propose("when", words);
    propose("wording", words);
    propose("title", found.title);
    propose("kind", found.kind);
    if (found.said_by) fill(field("said_by"), String(found.said_by));
  }

  let asked = "";
  async function look() {
    const marked = marking();
    if (!marked) return;
    const question = new URLSearchParams(marked).toString();
    if (question === asked) return;
    asked = question;
    try {
      const response = await fetch(`${screen.dataset.marked}?${question}`);
      if (response.ok && question === asked) show(await response.json());
    } catch {
      // Offline: the words can still be pasted.
    }
  }

  document.addEventListener("mouseup", () => setTimeout(look));
  text.addEventListener("keyup", look);
  // Words that are changed by hand stand elsewhere: saving finds them.
  field("quote").addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    field("start").value = field("end").value = place.textContent = "";
  });
})();
