"use strict";

// Two editors at once: what is chosen in the table is shown in the form below at once. Without
// script the server does the same on saving.
(() => {
  const PREFIX = "choose-";
  const named = (form, name) => [...form.elements].filter((one) => one.name === name);

  function write(form, name, values) {
    for (const input of named(form, name)) {
      if (input.tagName === "SELECT") {
        const known = [...input.options].map((option) => option.value);
        if (!values.every((value) => known.includes(value))) continue; // the server knows it
        for (const option of input.options) option.selected = values.includes(option.value);
        window.django?.jQuery?.(input).trigger("change");
      } else {
        input.value = values[0] || "";
      }
    }
  }

  document.querySelector(".versions")?.addEventListener("change", ({ target }) => {
    if (!target.name.startsWith(PREFIX)) return;
    const field = target.name.slice(PREFIX.length);
    for (const { value: name } of named(target.form, `inputs-${field}`)) {
      const values = named(target.form, `${target.value}-${name}`).map((one) => one.value);
      write(target.form, name, values);
    }
  });
})();
