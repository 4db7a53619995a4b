/* Filters a long list on the page while one types. Its words stand in the page, so that this file has none.
 *
 * The form names what it filters: `data-filter` the items, `data-groups` the sections that are hidden when all of their
 * items are. An item matches if each typed word begins a word of its `data-words`, or stands within it. */
(function () {
  "use strict";

  /** Text as it is compared: small letters without accents. */
  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }

  function start(form) {
    const input = form.querySelector("input[type=search]");
    const only = form.querySelector("input[type=checkbox]");
    const count = form.querySelector("[data-count]");
    const items = Array.from(document.querySelectorAll(form.dataset.filter), function (element) {
      return { element: element, words: plain(element.dataset.words), state: element.dataset.state };
    });
    // The groups that hold no other group come last in the page, so that hiding goes from the inside out.
    const groups = Array.from(document.querySelectorAll(form.dataset.groups)).reverse();

    function apply() {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      const states = only && only.checked ? only.dataset.only.split(" ") : null;
      let shown = 0;
      for (const item of items) {
        const fits = words.every(function (word) { return item.words.includes(word); });
        const visible = fits && (!states || states.includes(item.state));
        item.element.hidden = !visible;
        shown += visible ? 1 : 0;
      }
      for (const group of groups) {
        group.hidden = !group.querySelector("[data-words]:not([hidden])");
        if (group.tagName === "DETAILS") { group.open = !group.hidden && (words.length > 0); }
      }
      const none = shown === 0 ? form.dataset.none : form.dataset.words;
      count.textContent = none.replace("{shown}", shown).replace("{all}", items.length);
    }

    form.hidden = false;
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    input.addEventListener("input", apply);
    if (only) { only.addEventListener("change", apply); }
    apply();
  }

  document.querySelectorAll("form[data-filter]").forEach(start);
})();
