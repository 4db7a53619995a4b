/* Two places, or one on two days, side by side: the answers to the standard requests, and which of them differ. What is compared is
 * in the fragment of the address. Needs answers.js, find-box.js and the answers of all places. */
"use strict";

(function () {
  const form = document.getElementById("compare"), words = JSON.parse(form.dataset.words);
  const home = form.dataset.home.replace(/index\.html$/, ""), by = comityAnswersBy.open(comityAnswers);
  const { sayDay, fill } = comityAnswersBy, element = (id) => document.getElementById(id);
  const sides = ["a", "b"].map((id) => ({ id, place: null, path: null, input: element("compare-" + id), day: element(`compare-${id}-day`) }));
  const table = document.querySelector(".compare-table"), only = element("compare-only");
  const DAY_KEYS = { a: "on", b: "bn" };

  function addText(parent, tag, text, kind) {
    const child = document.createElement(tag);
    if (kind) child.className = kind;
    child.textContent = text;
    parent.append(child);
    return child;
  }

  /** The two outcomes of each action of each request, and whether they differ. */
  function compare() {
    const letters = sides.map(({ place, day }) => by.patternAt(place.target, day.value));
    return words.request_order.map((request) => ({
      request,
      rows: words.action_order.map((action) => {
        const at = by.letterAt(request, action), outcomes = letters.map((pattern) => comityAnswers.letters[pattern[at]]);
        return { action, outcomes, differs: outcomes[0] !== outcomes[1] };
      }),
    }));
  }

  /** Requests with the same answers on both sides are one group, so that a table says each thing once. */
  function grouped(compared) {
    const groups = new Map();
    for (const { request, rows } of compared) {
      const key = rows.map(({ outcomes }) => outcomes.join()).join(";");
      if (!groups.has(key)) groups.set(key, { requests: [], rows });
      groups.get(key).requests.push(request);
    }
    return [...groups.values()];
  }

  const isSilent = ({ outcomes }) => outcomes.every((outcome) => outcome === "unaddressed" || outcome === "unresearched");

  function bodyOf({ requests, rows }) {
    const body = document.createElement("tbody"), head = addText(body, "tr", "");
    const title = addText(head, "th", requests.map((request) => words.requests[request]).join(" · "));
    title.colSpan = 4;
    title.scope = "rowgroup";
    const shown = rows.filter((row) => (only.checked ? row.differs : row.differs || !isSilent(row)));
    for (const { action, outcomes, differs } of shown) {
      const row = addText(body, "tr", "", differs ? "differs" : "");
      addText(row, "th", words.actions[action]).scope = "row";
      for (const outcome of outcomes) addText(addText(row, "td", ""), "span", words.outcomes[outcome], "answer answer-" + outcome);
      const sign = addText(row, "td", differs ? "≠ " : "= ", "compare-sign");
      addText(sign, "span", differs ? words.differ : words.same);
    }
    const silent = only.checked ? [] : rows.filter((row) => !row.differs && isSilent(row));
    const note = silent.length ? fill(words.silent, { actions: silent.map((row) => words.actions[row.action]).join("; ") })
      : shown.length ? "" : words.none;
    if (note) {
      const cell = addText(addText(body, "tr", ""), "td", note, "quiet");
      cell.colSpan = 4;
    }
    return body;
  }

  function show() {
    if (sides.some((side) => !side.place)) return;
    const lacking = sides.find(({ place, day }) => by.patternAt(place.target, day.value) === null);
    element("compare-result").hidden = Boolean(lacking);
    if (lacking) {
      element(`compare-${lacking.id}-status`).textContent = fill(words.no_law, { place: lacking.place.name });
      return;
    }
    const compared = compare(), rows = compared.flatMap(({ rows }) => rows), count = rows.filter((row) => row.differs).length;
    const titles = sides.map(({ place, day }) => fill(words.side, { place: place.name, day: sayDay(day.value, words.days) }));
    element("compare-title").textContent = titles.join(" – ");
    element("compare-summary").textContent = fill(count ? words.count : words.equal, { count, all: rows.length });
    sides.forEach(({ id, place, path }, n) => {
      element("compare-head-" + id).textContent = titles[n];
      const law = comityAnswers.names[place.target];
      element(`compare-${id}-status`).textContent = place.target === place.path ? "" : fill(words.law, { place: law });
      const link = element("compare-page-" + id);
      link.textContent = law || place.name;
      link.href = home + (path || place.target) + "/index.html";
    });
    const [first, second] = sides.map(({ id }) => element("compare-page-" + id).href);
    element("compare-page-other").hidden = first === second;
    for (const body of [...table.tBodies]) body.remove();
    const isShown = ({ rows }) => !only.checked || !count || rows.some((row) => row.differs);
    table.append(...grouped(compared).filter(isShown).map(bodyOf));
    const given = new URLSearchParams();
    for (const { id, place, day } of sides) {
      given.set(id, place.path);
      given.set(DAY_KEYS[id], day.value);
    }
    const fragment = "#" + String(given).replaceAll("%2F", "/");
    if (window.location.hash !== fragment) window.history.replaceState(null, "", fragment);
  }

  /** Reads both sides from the fragment; a place that is not known is left out. */
  function read() {
    const given = new URLSearchParams(window.location.hash.slice(1));
    for (const side of sides) {
      const day = given.get(DAY_KEYS[side.id]) || "";
      if (/^\d{4}-\d{2}-\d{2}$/.test(day) && day >= side.day.min && day <= side.day.max) side.day.value = day;
      const path = given.get(side.id);
      if (path) side.box.placeOf(path, (place, name, page) => take(side, place, page, name));
    }
  }

  function take(side, place, path, name) {
    Object.assign(side, { place, path });
    if (name) side.input.value = name;
    show();
  }

  form.hidden = false;
  for (const side of sides) {
    side.box = comityFindBox.attach(side.input, (place, path) => take(side, place, path, ""));
    side.day.addEventListener("change", () => side.day.value && show());
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  only.addEventListener("change", show);
  window.addEventListener("hashchange", read);
  read();
})();
