// Buttons that copy an address. Without this file they stay hidden, and the address can be marked by hand.

"use strict";

function mark(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(element) {
  try {
    // Only over https and on localhost; elsewhere there is no clipboard here.
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    mark(element);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const words = button.textContent;
  const address = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(address))) {
      return;
    }
    button.textContent = button.dataset.copied;
    document.getElementById("copied").textContent = button.dataset.copied;
    window.setTimeout(() => {
      button.textContent = words;
      document.getElementById("copied").textContent = "";
    }, 3000);
  });
}
