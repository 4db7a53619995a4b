/* The map: counties are drawn once, and filled anew for each day, request and action. The choice is in the fragment of the address,
 * so that a view can be linked to. Needs answers.js and the data of counties and answers. */
"use strict";

(function () {
  const stage = document.getElementById("map"), group = document.getElementById("map-counties");
  const words = JSON.parse(stage.dataset.words), home = stage.dataset.home.replace(/index\.html$/, "");
  const by = comityAnswersBy.open(comityAnswers), { sayDay, fill } = comityAnswersBy;
  const { counties, applying, names, pages } = comityCounties;
  const element = (id) => document.getElementById(id);
  const slider = element("map-day"), request = element("map-request"), action = element("map-action"), info = element("map-county");
  const hasPage = pages && new Set(pages);
  const stateOf = (path) => path.split("/").slice(0, 2).join("/");
  const lawOf = (path) => applying["us/" + path] || "us/" + stateOf("us/" + path).split("/")[1];
  const laws = counties.map(([path]) => lawOf(path));
  let days = [], letter = 0, chosen = -1, filled = [];

  /** Draws every county once; the number of a county is in its element, for the mouse. */
  function draw() {
    const drawn = counties.map(([, , shape], n) => (shape ? `<path class="c" data-n="${n}" d="${shape}"/>` : ""));
    group.innerHTML = drawn.join("");
    element("map-states").setAttribute("d", comityCounties.states);
    for (const shape of group.children) counties[shape.dataset.n].push(shape);
  }

  /** Fills the counties by their answers on a day; only those that changed are touched. */
  function fillCounties(day) {
    const outcomes = new Map();
    const counts = {}, byState = {};
    counties.forEach(([path, , , shape], n) => {
      if (!outcomes.has(laws[n])) outcomes.set(laws[n], by.outcomeAt(laws[n], day, letter));
      const outcome = outcomes.get(laws[n]), state = stateOf("us/" + path);
      counts[outcome] = (counts[outcome] || 0) + 1;
      byState[state] = byState[state] || {};
      byState[state][outcome] = (byState[state][outcome] || 0) + 1;
      if (shape && filled[n] !== outcome) shape.setAttribute("class", "c fill-" + outcome);
      filled[n] = outcome;
    });
    return { counts, byState };
  }

  const number = (count) => count.toLocaleString("en-US"); // as the rest of the page writes them
  const nameOf = (path) => comityAnswers.names[path] || names[path] || path;
  const outcomeWords = (outcome) => words.outcomes[outcome];

  function addText(parent, tag, text) {
    const child = document.createElement(tag);
    child.textContent = text;
    parent.append(child);
    return child;
  }

  /** The sentence, the legend and the table for a day. */
  function describeDay(day, { counts, byState }) {
    const sentence = element("map-sentence");
    sentence.textContent = fill(words.on, { day: sayDay(day, words.days) }) + " ";
    const present = words.order.filter((outcome) => counts[outcome]);
    present.forEach((outcome, n) => {
      addText(sentence, "strong", outcomeWords(outcome));
      const end = n < present.length - 1 ? ", " : ".";
      const where = counts[outcome] === 1 ? words.county : fill(words.counties, { count: number(counts[outcome]) });
      sentence.append(` ${where}${end}`);
    });
    for (const entry of element("map-legend").children) {
      const count = counts[entry.dataset.outcome] || 0;
      entry.hidden = !count;
      entry.querySelector("b").textContent = number(count);
    }
    element("map-caption").textContent = [sayDay(day, words.days), chosenText(request), chosenText(action)].join(" · ");
    for (const row of element("map-table").tBodies[0].rows) {
      words.order.forEach((outcome, n) => {
        row.cells[n + 1].textContent = (byState[row.dataset.state] || {})[outcome] || "";
      });
    }
  }

  const chosenText = (select) => select.options[select.selectedIndex].textContent;

  /** What changed on a day, place by place. */
  function describeChanges(day) {
    const list = element("map-changes-list"), found = [];
    for (const path of Object.keys(comityAnswers.places)) {
      for (const change of by.changesOf(path, letter)) if (change.day === day) found.push([path, change]);
    }
    element("map-changes-day").textContent = fill(words.changed, { day: sayDay(day, words.days) });
    list.textContent = "";
    found.slice(0, 12).forEach(([path, change]) => {
      const values = { place: placeWithState(path), before: outcomeWords(change.before), after: outcomeWords(change.after) };
      addText(list, "li", fill(words.change, values));
    });
    if (found.length > 12) addText(list, "li", fill(words.more, { count: found.length - 12 }));
    if (!found.length) addText(list, "li", words.first);
    element("map-changes").hidden = false;
  }

  const placeWithState = (path) =>
    path.split("/").length > 2 ? `${nameOf(path)}, ${nameOf(stateOf(path))}` : nameOf(path);

  /** Shows a county: its name, its answer, and since when. */
  function choose(n) {
    chosen = n;
    const shape = n < 0 ? "" : counties[n][2];
    for (const id of ["map-chosen", "map-chosen-edge"]) element(id).setAttribute("d", shape);
    info.textContent = n < 0 ? words.hint : "";
    if (n < 0) return;
    const [path, name] = counties[n], full = "us/" + path, day = days[slider.value];
    addText(info, "strong", path.includes("/") ? `${name}, ${nameOf(stateOf(full))}` : name);
    info.append(" ");
    addText(info, "span", outcomeWords(filled[n])).className = "answer answer-" + filled[n];
    const since = by.since(laws[n], day, letter);
    if (since) {
      const form = since === comityAnswers.days[0] ? words.always : words.since;
      info.append(" " + fill(form, { day: sayDay(since, words.days) }));
    }
    if (laws[n] !== full) info.append(" · " + fill(words.law, { place: nameOf(laws[n]) }));
    if (!hasPage || hasPage.has(full)) {
      info.append(" · ");
      const link = addText(info, "a", fill(words.open, { place: name }));
      link.href = addressOf(full);
    }
  }

  const addressOf = (path) => home + path + "/index.html";

  function open(n) {
    const path = "us/" + counties[n][0];
    if (!hasPage || hasPage.has(path)) window.location.href = addressOf(path);
  }

  /** Shows the day of the slider. */
  function show() {
    const change = days[slider.value], isLast = Number(slider.value) === days.length - 1;
    const day = isLast ? stage.dataset.on : change; // after the last change the map is that of the day of the site
    element("map-day-words").textContent = sayDay(day, words.days);
    slider.setAttribute("aria-valuetext", sayDay(day, words.days));
    element("map-before").disabled = slider.value === "0";
    element("map-after").disabled = isLast;
    describeDay(day, fillCounties(day));
    describeChanges(change);
    choose(chosen);
    const fragment = `#day=${day}&request=${request.value}&action=${action.value}`;
    if (window.location.hash !== fragment) window.history.replaceState(null, "", fragment);
  }

  /** Sets the days of the slider to those on which the chosen answer changed, and keeps the day that was shown. */
  function setChoice(day) {
    letter = by.letterAt(request.value, action.value);
    days = by.changeDays(letter);
    slider.max = days.length - 1;
    let at = 0;
    while (at < days.length - 1 && days[at + 1] <= day) at += 1;
    slider.value = at;
    markYears();
    show();
  }

  /** The years below the slider, where the first change of each lies; those that would touch are left out. */
  function markYears() {
    const row = element("map-years"), least = 44 / Math.max(row.clientWidth, 44); // the width of a year
    row.textContent = "";
    let last = -1;
    days.forEach((day, n) => {
      const year = day.slice(0, 4), share = days.length > 1 ? n / (days.length - 1) : 0;
      const isFirst = !n || days[n - 1].slice(0, 4) !== year;
      if (!isFirst || (last >= 0 && share - last < least)) return;
      last = share;
      addText(row, "span", year).style.insetInlineStart = `calc(${(share * 100).toFixed(2)}% + ${(0.5 - share).toFixed(3)}rem)`;
    });
  }

  /** The county that lies in a direction from the chosen one, nearest by the distance of their middles. */
  function neighbour(dx, dy) {
    const middle = (n) => {
      const box = counties[n][3].getBBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = middle(chosen);
    let best = chosen, least = Infinity;
    counties.forEach((county, n) => {
      if (n === chosen || !county[3]) return;
      const [u, v] = middle(n), along = (u - x) * dx + (v - y) * dy, across = Math.abs((u - x) * dy + (v - y) * dx);
      if (along > 0 && across <= 1.5 * along && along + 2 * across < least) [best, least] = [n, along + 2 * across];
    });
    return best;
  }

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function onKey(event) {
    if (event.key === "Enter" && chosen >= 0) open(chosen);
    else if (event.key === "Escape") choose(-1);
    else if (event.key in STEPS) {
      // The first key shows the county in the middle of the country by its name in the list: any is a beginning.
      choose(chosen < 0 ? counties.findIndex(([path]) => path === "ks/barton") : neighbour(...STEPS[event.key]));
      event.preventDefault();
    }
  }

  const numberOf = (target) => (target.dataset && target.dataset.n !== undefined ? Number(target.dataset.n) : -1);

  function listen() {
    let byTouch = false;
    stage.addEventListener("pointerdown", (event) => { byTouch = event.pointerType !== "mouse"; });
    stage.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") return;
      const n = numberOf(event.target);
      if (n >= 0 && n !== chosen) choose(n);
    });
    stage.addEventListener("click", (event) => {
      const n = numberOf(event.target);
      if (n < 0) return;
      if (byTouch) choose(n); // a finger has no hover: the link is in the line below the map
      else open(n);
    });
    stage.addEventListener("keydown", onKey);
    slider.addEventListener("input", show);
    const step = (by) => { slider.value = Number(slider.value) + by; show(); };
    element("map-before").addEventListener("click", () => step(-1));
    element("map-after").addEventListener("click", () => step(1));
    for (const select of [request, action]) select.addEventListener("change", () => setChoice(days[slider.value]));
    window.addEventListener("hashchange", read);
    element("map-choice").addEventListener("submit", (event) => event.preventDefault());
  }

  /** Reads the choice from the fragment; what it does not name stays. */
  function read() {
    const given = new URLSearchParams(window.location.hash.slice(1));
    for (const [select, name] of [[request, "request"], [action, "action"]]) {
      if ([...select.options].some((option) => option.value === given.get(name))) select.value = given.get(name);
    }
    const day = given.get("day") || "";
    setChoice(/^\d{4}-\d{2}-\d{2}$/.test(day) ? day : stage.dataset.on);
  }

  stage.hidden = info.hidden = element("map-choice").hidden = false;
  // The page is painted first, with its words and an empty stage of the right size; three thousand shapes follow.
  window.requestAnimationFrame(() => window.setTimeout(() => { draw(); listen(); read(); }, 0));
})();
