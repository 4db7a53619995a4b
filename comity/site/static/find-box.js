/* The box in which a place is found by its name. It loads the places when it is first entered, and calls back with the place that
 * was chosen; the start page goes to its page. Needs find.js. */
"use strict";

(function () {
  const MOST = 8;
  let index = null, waiting = null;

  /** Loads the places once, by a script element: a page that is opened from a folder may load nothing else. */
  function load(source, then) {
    if (index) return then();
    if (waiting) return void waiting.push(then);
    waiting = [then];
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", () => {
      index = comityFind.open(comityPlaces);
      waiting.forEach((call) => call());
    });
    document.head.append(script);
  }

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  /** Where a place lies, in words: `city in Miami-Dade County, Florida`. */
  function whereIs(place, words) {
    const state = index.data.states[place.state], kind = words.kinds[place.kind];
    if (place.kind === "s") return kind;
    const inside = place.within.filter((outer) => outer.kind !== "s").map((outer) => outer.name);
    return inside.length ? fill(words.inside, { kind, places: inside.join(words.and), state }) : fill(words.in_state, { kind, state });
  }

  /** The place whose page a place leads to: its own where it has one, else that of the place whose law applies. */
  function pageOf(place) {
    const path = place.within.length ? place.target : place.path;
    return !index.pages || index.pages.has(path) ? path : null;
  }

  const nameOf = (place) => (place.kind === "s" ? place.name : `${place.name}, ${index.data.states[place.state]}`);

  /** Makes an input a box for places; `choose` is called with a place. The input names its list by `aria-controls`. */
  function attach(input, choose) {
    const words = JSON.parse(input.dataset.words), list = document.getElementById(input.getAttribute("aria-controls"));
    const status = document.getElementById(input.dataset.status);
    let found = [], current = -1;

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      current = -1;
    }

    function show() {
      found = comityFind.search(index, input.value, MOST);
      list.textContent = "";
      found.forEach((place, n) => list.append(optionOf(place, n)));
      const isShort = input.value.trim().length < 2;
      status.textContent = isShort ? "" : found.length ? fill(words.found, { count: found.length }) : words.nothing;
      if (!found.length) return close();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(-1);
    }

    function optionOf(place, n) {
      const option = document.createElement("li");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      const name = document.createElement("strong"), where = document.createElement("span");
      name.textContent = place.name;
      where.textContent = whereIs(place, words);
      option.append(name, " ", where);
      if (place.target !== place.path && place.kind !== "s") {
        const law = document.createElement("span");
        law.textContent = fill(words.law, { place: index.byPath.get(place.target).name });
        option.append(" · ", law);
      }
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the input
      option.addEventListener("click", () => take(n));
      return option;
    }

    function mark(n) {
      current = n;
      [...list.children].forEach((option, at) => option.setAttribute("aria-selected", at === n ? "true" : "false"));
      if (n >= 0) {
        input.setAttribute("aria-activedescendant", list.children[n].id);
        list.children[n].scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }

    function take(n) {
      const place = found[n];
      if (!place) return;
      input.value = nameOf(place);
      close();
      choose(place, pageOf(place), status);
    }

    input.addEventListener("focus", () => load(input.dataset.source, () => {}));
    input.addEventListener("input", () => load(input.dataset.source, show));
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !list.hidden) {
        event.preventDefault();
        mark((current + step + found.length + (current < 0 && step < 0 ? 1 : 0)) % found.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        load(input.dataset.source, () => {
          if (list.hidden) show();
          take(Math.max(current, 0));
        });
      } else if (event.key === "Escape") close();
    });
    /** Calls back with the place that has a path, its name with its State, and its page; with nothing where there is none. */
    function placeOf(path, then) {
      load(input.dataset.source, () => {
        const place = index.byPath.get(path);
        if (place) then(place, nameOf(place), pageOf(place));
      });
    }

    return { placeOf };
  }

  window.comityFindBox = { attach };

  const start = document.getElementById("find-place");
  if (start) {
    document.getElementById("find").hidden = false;
    const home = start.dataset.home.replace(/index\.html$/, ""), words = JSON.parse(start.dataset.words);
    attach(start, (place, path, status) => {
      if (path) window.location.href = home + path + "/index.html";
      else status.textContent = fill(words.no_page, { place: place.name });
    });
  }
})();
