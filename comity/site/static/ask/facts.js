/** The facts of a request on the page: which the form shows, what the choices are, what a value says, what is asked next. */
const comityFacts = (() => {
  "use strict";

  const {say} = comityDom;
  const FORM = "request.form", ASKS = "request.asks";
  // What no detainer is about, and what the page asks for elsewhere.
  const ELSEWHERE = ["place", "visit", "encounter", "certification", "decision"], NOT_ASKED = ["agency.kind", "agency.name"];
  const FIRST_FIELD = {convictions: "offense", charges: "offense", "request.warrants": "kind"};
  const STARTS_ORDER = ["custody.release_eligible_at", "request.received_at"];

  /** The day that goes with a moment, which a request may give instead of it. */
  const dayOf = (stack, path) => Object.entries(stack.json.derived).find(([, moment]) => moment === path)?.[0];
  const momentOf = (stack, path) => stack.json.derived[path] ?? path;

  /**
   * The facts that a form on this stack has, in the order of the vocabulary: those that the law asks about. A moment and its
   * day are one. `fields` are those of the records of a list.
   */
  function factsOf(stack, vocabulary, day, forms) {
    const named = namesIn(stack.json.questions);
    const found = [];
    for (const {path} of stack.json.facts) {
      if (path.includes("[]") || !vocabulary[path] || ELSEWHERE.includes(path.split(".")[0])) continue;
      if (NOT_ASKED.includes(path) || Object.hasOwn(stack.json.derived, path) || Object.hasOwn(stack.json.given, path)) continue;
      const fact = described(path, vocabulary, named, stack, day, forms);
      if (fact.kind === "records") {
        fact.fields = [...stack.fieldsOf.get(path).keys()]
          .map((name) => ({...described(`${path}[].${name}`, vocabulary, named, stack, day, forms), name}));
        fact.first = FIRST_FIELD[path] ?? fact.fields[0]?.name;
      }
      found.push(fact);
    }
    return found;
  }

  function described(path, vocabulary, named, stack, day, forms) {
    const entry = vocabulary[path];
    const members = entry.members && Object.entries(entry.members).filter(([member]) => isOffered(path, member, named, stack, day, forms));
    return {...entry, path, ...(members ? {members} : {}), dayPath: dayOf(stack, path)};
  }

  /** Forms in use on the day; of legal classes those that the law names; no action that a detainer cannot ask for. */
  function isOffered(path, member, named, stack, day, forms) {
    if (path === FORM) return !forms[member] || (forms[member].first <= day && !(forms[member].ended && day >= forms[member].ended));
    if (path === ASKS) return !BEYOND.includes(member);
    return !path.endsWith("[].classes") || named.has(member);
  }
  const BEYOND = ["enter_nonpublic", "use_property", "ask_status", "certify_victim"];

  function namesIn(json, found = new Set()) {
    if (typeof json === "string") found.add(json);
    else if (Array.isArray(json)) for (const part of json) namesIn(part, found);
    else if (json && typeof json === "object") for (const part of Object.values(json)) namesIn(part, found);
    return found;
  }

  /** The fact of the form that a missing fact belongs to: `convictions[0].grade` to `convictions`, a day to its moment. */
  const shownAt = (stack, path) => momentOf(stack, path.split("[")[0]);

  /** The facts on which some answer still depends, by the fact of the form; of a list the fields of its records. */
  function openFacts(stack, card) {
    const found = new Map();
    for (const answer of Object.values(card.decision.actions)) {
      for (const {fact} of answer.missing) {
        const at = shownAt(stack, fact), field = fact.split("].")[1];
        if (!found.has(at)) found.set(at, new Set());
        if (field) found.get(at).add(field);
      }
    }
    for (const path of startsOf(stack, card)) if (!found.has(path)) found.set(path, new Set());
    return found;
  }

  /** The moments from which the limits on a hold run, where these are not known and a hold may be made. */
  function startsOf(stack, card) {
    if (["forbidden", "unaddressed"].includes(card.decision.actions.hold?.outcome)) return [];
    const open = card.limits.filter(({until}) => !until).map(({provision}) => provision);
    const limits = stack.json.limits.filter(({provision}) => open.includes(provision));
    const names = limits.flatMap(({until, of, starts}) =>
      (until ? [of || "release_eligible"] : starts === "earlier" ? ["receipt", "release_eligible"] : [starts]));
    const paths = names.map((name) => stack.json.starts[name][0]);
    return STARTS_ORDER.filter((path) => paths.includes(path));
  }

  /** The next fact to ask for: the form, then what decides most; null where nothing is left that matters. */
  function nextFact(stack, card, facts, asked) {
    if (!asked.has(FORM) && !(FORM in facts)) return FORM;
    const firsts = new Map();
    for (const answer of Object.values(card.decision.actions)) {
      const item = answer.missing.find(({fact}) => isAskable(stack, fact) && !asked.has(shownAt(stack, fact)));
      if (!item) continue;
      const entry = firsts.get(item.fact) ?? {fact: item.fact, count: 0, least: 0, average: 0};
      firsts.set(item.fact, entry);
      entry.count += 1;
      entry.least += item.removes_at_least;
      entry.average += item.removes_on_average;
    }
    const place = ({fact}) => stack.facts.get(fact.replace(/\[\d+\]/, "[]")).place;
    const best = [...firsts.values()].sort((one, other) =>
      other.count - one.count || other.least - one.least || other.average - one.average || place(one) - place(other))[0];
    if (best) return shownAt(stack, best.fact);
    return startsOf(stack, card).find((path) => !asked.has(path) && !(path in facts)) ?? null;
  }

  /** Whether an instrument was in force is not for a request to say. */
  const isAskable = (stack, path) => Object.hasOwn(comityLaw.known.vocabulary, path.split("[")[0]);

  /** A value in words: `Form I-247A`, `yes`, `2, perhaps more`. */
  function describe(fact, value) {
    const words = new Map(fact.members ?? []);
    const wordOf = (member) => words.get(member) ?? String(member).replaceAll("_", " ");
    if (typeof value === "boolean") return say(value ? "yes" : "no");
    if (fact.kind === "number") return fact.unit ? `${value} ${fact.unit}` : String(value);
    if (fact.kind === "choice") return wordOf(value);
    if (fact.kind === "set" || fact.kind === "records") {
      const whole = Array.isArray(value), entries = whole ? value : value.partial;
      const shown = entries.map((entry) => (fact.kind === "set" ? wordOf(entry) : describeRecord(fact, entry)));
      if (!shown.length) return say(whole ? "none" : "none_known");
      return `${shown.join("; ")}${whole ? "" : say("perhaps_more")}`;
    }
    return fact.kind === "moment" && value.includes("T") ? comityCard.local(value) : String(value);
  }

  function describeRecord(fact, record) {
    const texts = fact.fields.filter(({name}) => name in record).map((field) => {
      const value = describe(field, record[field.name]);
      return field.kind === "truth" ? `${field.question} ${value}` : value;
    });
    return texts.join(", ") || fact.item || "";
  }

  /** The request as the JSON that `comity decide` reads. */
  function requestOf({place, at, kind, facts}) {
    const document = {place, at, ...(kind ? {agency: {kind}} : {})};
    for (const [path, value] of Object.entries(facts)) {
      const [section, name] = path.split(".");
      if (name === undefined) document[path] = value;
      else document[section] = {...document[section], [name]: value};
    }
    return document;
  }

  /** The moments at which the clocks of a place show a local day and time: one, two or none. */
  function momentsAt(clock, day, time) {
    const utc = comityClock.readMoment(`${day}T${time}:00Z`);
    if (utc === null) return [];
    const offsets = new Set(clock.changes.map(({offset}) => offset));
    const shown = [...offsets].map((offset) => comityClock.showMoment(clock, utc - offset));
    return [...new Set(shown.filter((text) => text.startsWith(`${day}T${time}`)))].sort((one, other) => Date.parse(one) - Date.parse(other));
  }

  return {factsOf, openFacts, nextFact, shownAt, describe, requestOf, momentsAt, dayOf};
})();
