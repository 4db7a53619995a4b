/**
 * The state of the page in the fragment of a link, which a browser never sends: `#day=2017-01-26&facts={...}`.
 *
 * A fragment may come from anybody. What is no fact, or no value that a fact may have, is refused in words, and nothing of a
 * refused link is used.
 */
const comityLink = (() => {
  "use strict";

  const {say} = comityDom;
  const LETTERS_MAX = 20000, FACTS_MAX = 100, RECORDS_MAX = 200;
  const KEYS = ["day", "place", "agency", "facts"];

  function write({day, place, kind, facts, home}) {
    const parts = [["day", day], ["place", place === home ? "" : place], ["agency", kind], ["facts", Object.keys(facts).length ? JSON.stringify(facts) : ""]];
    return parts.filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  }

  /** The state that a fragment holds, or `refused`: why. An empty fragment holds nothing. */
  function read(fragment, {members, kinds, first, last}) {
    const text = fragment.replace(/^#/, "");
    if (!text || !text.includes("=")) return {};
    if (text.length > LETTERS_MAX) return {refused: say("link_too_long", {count: LETTERS_MAX})};
    const state = {};
    for (const part of text.split("&")) {
      const [key, ...rest] = part.split("=");
      if (!KEYS.includes(key) || key in state) return {refused: say("link_unknown_key", {key: shown(key)})};
      try {
        state[key] = decodeURIComponent(rest.join("="));
      } catch {
        return {refused: say("link_not_readable")};
      }
    }
    if (state.day !== undefined && !(comityClock.readDay(state.day) && first <= state.day && state.day <= last)) {
      return {refused: say("link_day", {day: shown(state.day), first, last})};
    }
    if (state.place !== undefined && !Object.hasOwn(members, state.place)) return {refused: say("link_place", {place: shown(state.place)})};
    if (state.agency && !kinds.includes(state.agency)) return {refused: say("link_agency", {agency: shown(state.agency)})};
    if (state.facts === undefined) return state;
    const facts = readFacts(state.facts);
    return facts.refused ? facts : {...state, ...facts};
  }

  function readFacts(text) {
    let facts;
    try {
      facts = JSON.parse(text);
    } catch {
      return {refused: say("link_not_readable")};
    }
    if (!isObject(facts) || Object.keys(facts).length > FACTS_MAX) return {refused: say("link_not_readable")};
    for (const [path, value] of Object.entries(facts)) {
      const entry = path.includes("[]") ? undefined : entryOf(path);
      if (!entry) return {refused: say("link_unknown_fact", {fact: shown(path)})};
      if (!isValue(path, entry, value)) return {refused: say("link_value", {fact: entry.question || path, value: shown(JSON.stringify(value))})};
    }
    return {facts};
  }

  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const entryOf = (path) => (Object.hasOwn(comityLaw.known.vocabulary, path) ? comityLaw.known.vocabulary[path] : undefined);
  const shown = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

  /** Whether a value is one that a fact may have. */
  function isValue(path, entry, value) {
    switch (entry.kind) {
      case "truth": return typeof value === "boolean";
      case "number": return Number.isSafeInteger(value) && value >= entry.minimum;
      case "choice": return typeof value === "string" && Object.hasOwn(entry.members, value);
      case "text": return typeof value === "string" && value.length <= 200;
      case "day": return typeof value === "string" && comityClock.readDay(value) !== null;
      case "moment": return typeof value === "string" && comityClock.readMoment(value) !== null;
    }
    const entries = Array.isArray(value) ? value : isObject(value) && Object.keys(value).length === 1 ? value.partial : null;
    if (!Array.isArray(entries) || entries.length > RECORDS_MAX) return false;
    if (entry.kind === "set") return entries.every((member) => typeof member === "string" && Object.hasOwn(entry.members, member));
    return entries.every((record) => isObject(record) && Object.entries(record).every(([name, field]) => {
      const known = entryOf(`${path}[].${name}`);
      return known !== undefined && isValue(`${path}[].${name}`, known, field);
    }));
  }

  return {write, read};
})();
