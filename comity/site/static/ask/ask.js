/**
 * The ask page: a day, an agency and facts are entered, and the answers change with each. Nothing is stored and nothing sent.
 *
 * The state is one value; every change decides again and shows what changed. Controls are built once for a stack, so that
 * typing is never interrupted.
 */
(() => {
  "use strict";

  const {h, say} = comityDom;
  const words = comityDom.readWords();
  const page = (id) => document.getElementById(id);
  const state = {day: "", place: "", kind: "", facts: {}, asked: new Set(), current: null, mode: "question"};
  const LONG = 1800, VERY_LONG = 2800; // letters of a card, from which it is printed in smaller type
  const NOON = "12:00", NEWS_DELAY = 600; // milliseconds until a reader of screens is told of changed answers
  let known, stack, span, clock, facts = [], fields = new Map(), card, news;

  /** Begins when the law is there: a page with its scripts has it, a single file unpacks it first. */
  async function begin() {
    known = comityLaw.begin();
    try {
      for (const packed of document.querySelectorAll("script[data-packed]")) await comityLaw.unpack(packed.textContent);
    } catch {
      refuse(say("old_browser"));
      return;
    }
    page("ask").hidden = false;
    page("day").min = words.first;
    page("day").max = words.last;
    fillPlaces();
    const today = new Date(), local = new Date(today - today.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
    state.day = local < words.first ? words.on : local > words.last ? words.last : local;
    restore();
    listen();
  }

  function fillPlaces() {
    const members = Object.entries(known.members);
    state.place = known.place;
    page("place-choice").hidden = members.length < 2;
    page("place").replaceChildren(...members.map(([path, {name}]) => h("option", {value: path}, name)));
    page("agency").replaceChildren(h("option", {value: ""}, say("agency_unknown")),
      ...Object.entries(words.agencies).map(([kind, name]) => h("option", {value: kind}, comityCard.capitalized(name))));
    const kinds = new Set(known.spans.map(({kinds: some}) => some.join(" ")));
    page("agency-choice").hidden = kinds.size < 2 && !members.some(([, {given}]) => given);
  }

  // ---- the state, from a link and into one ----

  function restore() {
    const read = comityLink.read(location.hash, {
      members: known.members, kinds: Object.keys(words.agencies), first: words.first, last: words.last,
    });
    page("refused").hidden = !read.refused;
    if (read.refused) page("refused").replaceChildren(h("strong", {}, say("link_refused")), ` ${read.refused}`);
    if (read.day) state.day = read.day;
    if (read.place) state.place = read.place;
    if (read.agency) state.kind = read.agency;
    if (read.facts) Object.assign(state, {facts: read.facts, asked: new Set(Object.keys(read.facts))});
    page("day").value = state.day;
    page("place").value = state.place;
    page("agency").value = state.kind;
    useDay();
  }

  const link = () => `${location.href.split("#")[0]}#${comityLink.write({...state, home: known.place})}`;

  // ---- the law of the day ----

  function useDay() {
    const found = comityLaw.spanAt(state.day, state.kind);
    if (found) {
      useSpan(found);
    } else if (comityLaw.isWhole() || !words.earlier) {
      refuse(say("day_not_here", {first: words.first, last: words.last}));
    } else {
      page("answers").setAttribute("aria-busy", "true");
      comityLaw.loadEarlier(words.earlier, useDay, () => refuse(say("not_loaded")));
    }
  }

  /** Says why nothing is answered. No answer stays in view, since it would be that of another day. */
  function refuse(text) {
    page("refused").hidden = false;
    page("refused").textContent = text;
    showAnswers(false);
  }

  function showAnswers(are) {
    page("answers").removeAttribute("aria-busy");
    for (const id of ["answers", "more", "strip"]) page(id).hidden = !are;
  }

  function useSpan(found) {
    const before = stack;
    span = found;
    stack = comityLaw.stackOf(span);
    clock = known.clocks[known.members[state.place].clock];
    showAnswers(true);
    if (!page("refused").textContent.startsWith(say("link_refused"))) page("refused").hidden = true;
    showSpan();
    if (before !== stack || !fields.size) buildFields();
    decide();
    if (!state.current) moveOn(false);
  }

  function showSpan() {
    const name = state.day > words.on ? "span_ahead" : span.day === state.day ? "span_exact" : "span_of";
    page("span").textContent = say(name,
      {since: sayDay(span.since), until: sayDay(lastDay(span.until)), day: sayDay(span.day), on: sayDay(words.on)});
  }

  const lastDay = (until) => comityClock.showDay(comityClock.readDay(until) - 1);

  function buildFields() {
    const given = givenFacts();
    facts = comityFacts.factsOf(stack, known.vocabulary, state.day, known.forms).filter(({path}) => !Object.hasOwn(given, path));
    fields = new Map(facts.map((fact) => [fact.path, {fact, element: fieldFor(fact)}]));
    page("fields").replaceChildren(...[...fields.values()].map(({element}) => element));
    if (state.current && !fields.has(state.current)) state.current = null;
  }

  function fieldFor(fact) {
    const value = state.facts[fact.path] ?? (fact.dayPath && state.facts[fact.dayPath]);
    return comityFields.fieldOf(fact, value, (now) => {
      delete state.facts[fact.path];
      if (fact.dayPath) delete state.facts[fact.dayPath];
      const isDay = fact.kind === "moment" && now !== undefined && !now.includes("T");
      if (now !== undefined) state.facts[isDay ? fact.dayPath : fact.path] = now;
      decide();
    }, clock);
  }

  // ---- deciding ----

  function decide() {
    const place = known.members[state.place];
    const at = comityFacts.momentsAt(clock, state.day, NOON)[0];
    const document = {at, ...givenFacts(), ...state.facts};
    card = comityCard.cardOf({stack, facts: document, clock, place, path: state.place, day: state.day, forms: known.forms});
    const paper = fields.get("request.form") && state.facts["request.form"];
    const title = {place: place.name, day: sayDay(state.day), paper: paper ? say("on_paper", {paper: comityFacts.describe(fields.get("request.form").fact, paper)}) : ""};
    const lawLink = words.law;
    page("card").replaceChildren(...comityView.cardView(card, {title, said: knownFacts().map(({path}) => describe(path)), ask: askFor, lawLink}).flat(Infinity).filter(Boolean));
    const letters = page("card").textContent.length - [...page("card").querySelectorAll("details")].reduce((sum, {textContent}) => sum + textContent.length, 0);
    page("card").classList.toggle("is-long", letters > LONG && letters <= VERY_LONG);
    page("card").classList.toggle("is-very-long", letters > VERY_LONG);
    page("why").replaceChildren(...comityView.whyView(card, {describe, lawLink}));
    page("readings").replaceChildren(...[comityView.readingsView(card)].flat(Infinity).filter(Boolean));
    page("strip-answers").replaceChildren(...comityView.summaryView(card));
    const request = comityFacts.requestOf({place: state.place, at, kind: state.kind, facts: state.facts});
    page("request-json").textContent = JSON.stringify(request, null, 2);
    window.document.dispatchEvent(new CustomEvent("comity-decided", {detail: {request, decision: card.decision}}));
    clearTimeout(news);
    news = setTimeout(tell, NEWS_DELAY);
    showFields();
  }

  /** The facts of a county that has no law of its own, on the day and for the agency. */
  function givenFacts() {
    const holds = ([, , since, until, kinds]) => since <= state.day && state.day < until && kinds.includes(state.kind);
    return Object.fromEntries((known.members[state.place].given ?? []).filter(holds).map(([path, value]) => [path, value]));
  }

  const knownFacts = () => facts.filter((fact) => isAnswered(fact));

  /** Tells readers of screens, a moment after the last change, what the answers are. */
  function tell() {
    page("news").textContent = card.answers.map(({command, words: action}) => `${action}: ${command}`).join("; ");
  }

  function sayDay(text) {
    const [year, month, day] = text.split("-").map(Number);
    return words.day_form.replace("{month}", words.months[month - 1]).replace("{day}", day).replace("{year}", year);
  }

  /** A known fact and its value in words. */
  function describe(path) {
    const at = comityFacts.shownAt(stack, path), entry = fields.get(at);
    if (!entry) return stack.facts.get(path)?.question ?? path;
    const value = state.facts[at] ?? state.facts[entry.fact.dayPath];
    return `${entry.fact.question} ${value === undefined ? say("follows") : comityFacts.describe(entry.fact, value)}`;
  }

  // ---- which fields are shown ----

  const isAnswered = ({path, dayPath}) => path in state.facts || Boolean(dayPath && dayPath in state.facts);

  function showFields() {
    const open = comityFacts.openFacts(stack, card), all = page("show-all").checked;
    let shown = 0;
    for (const [path, {fact, element}] of fields) {
      const matters = path === "request.form" || open.has(path) || isAnswered(fact);
      const visible = state.mode === "form" ? all || matters : path === state.current;
      element.hidden = !visible && !element.contains(document.activeElement);
      shown += visible ? 1 : 0;
      if (fact.kind === "records") comityFields.showOpen(element, fact, open.get(path) ?? new Set());
    }
    page("fields").classList.toggle("is-form", state.mode === "form");
    page("question-buttons").hidden = state.mode === "form" || !state.current;
    page("all-choice").hidden = state.mode !== "form";
    page("nothing-left").hidden = state.mode === "form" || Boolean(state.current);
    showAnswered();
    return shown;
  }

  /** What was answered so far, each with a button to change it. */
  function showAnswered() {
    const answered = [...fields.values()].filter(({fact}) => fact.path !== state.current && (isAnswered(fact) || state.asked.has(fact.path)));
    page("so-far").hidden = state.mode === "form" || !answered.length;
    page("so-far-list").replaceChildren(...answered.map(({fact}) => {
      const value = state.facts[fact.path] ?? state.facts[fact.dayPath];
      return h("div", {class: "row"}, h("dt", {}, fact.question), h("dd", {}, value === undefined ? say("not_known") : comityFacts.describe(fact, value)),
        h("dd", {class: "act"}, h("button", {type: "button", class: "link", "aria-label": say("change_named", {question: fact.question}), onclick: () => askFor(fact.path)}, say("change"))));
    }));
  }

  /** Goes to the next question, the most decisive; with `focus`, also a reader's place on the page. */
  function moveOn(focus) {
    state.current = comityFacts.nextFact(stack, card, state.facts, state.asked);
    showFields();
    if (!focus) return;
    const target = state.current ? fields.get(state.current).element.querySelector("legend") : page("nothing-left");
    target.focus();
    target.scrollIntoView({block: "nearest"});
  }

  function askFor(fact) {
    const path = comityFacts.shownAt(stack, fact);
    if (!fields.has(path)) return;
    state.current = path;
    fields.get(path).element.hidden = false;
    showFields();
    fields.get(path).element.querySelector("legend").focus();
  }

  // ---- listening ----

  function listen() {
    page("day").addEventListener("change", ({target}) => {
      if (!comityClock.readDay(target.value) || target.value < words.first || target.value > words.last) {
        refuse(say("day_not_here", {first: words.first, last: words.last}));
        return;
      }
      state.day = target.value;
      stack = undefined;
      useDay();
    });
    page("place").addEventListener("change", ({target}) => { state.place = target.value; stack = undefined; useDay(); });
    page("agency").addEventListener("change", ({target}) => { state.kind = target.value; stack = undefined; useDay(); });
    page("continue").addEventListener("click", () => { state.asked.add(state.current); moveOn(true); });
    page("skip").addEventListener("click", skip);
    page("show-all").addEventListener("change", showFields);
    for (const input of document.querySelectorAll("[name=mode]")) {
      input.addEventListener("change", () => { state.mode = input.value; if (!state.current) moveOn(false); else showFields(); });
    }
    page("print").addEventListener("click", () => window.print());
    page("copy-link").addEventListener("click", () => copy(link(), "link_copied"));
    page("copy-json").addEventListener("click", () => copy(page("request-json").textContent, "request_copied"));
    page("start-again").addEventListener("click", startAgain);
    window.addEventListener("hashchange", () => {
      if (!location.hash.includes("=")) return; // a link to a part of this page holds nothing to restore
      Object.assign(state, {facts: {}, asked: new Set(), current: null, kind: "", place: known.place});
      fields.clear();
      restore();
    });
  }

  /** Says of the question on the page that its answer is not known. */
  function skip() {
    const {fact} = fields.get(state.current);
    delete state.facts[fact.path];
    delete state.facts[fact.dayPath];
    const element = fieldFor(fact);
    fields.get(fact.path).element.replaceWith(element);
    fields.set(fact.path, {fact, element});
    state.asked.add(state.current);
    decide();
    moveOn(true);
  }

  function startAgain() {
    Object.assign(state, {facts: {}, asked: new Set(), current: null});
    buildFields();
    decide();
    moveOn(true);
  }

  async function copy(text, done) {
    try {
      await navigator.clipboard.writeText(text);
      page("copied").textContent = say(done);
    } catch { // a page of a folder may not use the clipboard: the text is selected instead, to copy by hand
      const box = page("copy-box");
      box.hidden = false;
      box.value = text;
      box.focus();
      box.select();
      page("copied").textContent = say("copy_by_hand");
    }
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
