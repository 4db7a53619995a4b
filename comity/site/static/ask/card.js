/**
 * The card of an answer: what the law says of each action, what to find out, until when, what to do, and the risks.
 *
 * It says what `comity/decision/card.py` says, in the same order, as a value that a page shows. Nothing is cut: a screen has
 * room. tests/site/test_ask_engine.py holds it to that card.
 */
const comityCard = (() => {
  "use strict";

  const {say} = comityDom;
  const ACTIONS = ["hold", "notify", "transfer", "interview", "share_status"];
  const QUESTIONS_MAX = 3;
  const AGREEMENTS = "agency.agreements_287g", ASKS = "request.asks", FORM = "request.form";
  const DONE_AFTER = {hold: "hold", notice: "notify", transfer: "transfer"}; // what a duty waits for, and the action
  const INITIALS = {dhs: "DHS", ice: "ICE", cbp: "CBP", "287g": "287(g)"};
  const PARTIES_WITHOUT_ARTICLE = Object.keys(INITIALS);
  const LATEST = "9999";

  /**
   * The card of a request. `stack` is opened, `facts` as the engine reads them, `place` an entry of the places of the page
   * with its path, and `forms` when each form was in use.
   */
  function cardOf({stack, facts, clock, place, path, day, forms}) {
    const decision = comity.decide(stack, facts, clock);
    const {values, answers} = comity.readRequest(stack, facts, clock);
    const asked = [...(values.get(ASKS)?.members ?? [])].sort();
    const warnings = comityWarnings.applying(stack, answers);
    const risks = comityWarnings.rank(decision.actions, warnings, asked, say("agency_not_given"));
    const law = {...decision, stack, day, path, place, asked, cites: stack.json.cites, form: values.get(FORM) ?? ""};
    law.agreements = place.agreements && day >= place.agreements[0] ? place.agreements[1] : "";
    const questions = questionsOf(law);
    return {
      decision,
      research: researchOf(law),
      beyond: place.researched.some(([, , to]) => to && day > to),
      checks: checksOf(law, values, forms),
      answers: shownActions(law).map(([action, answer]) => answerRow(action, answer, law, questions)),
      questions: questions.map((item, at) => questionRow(item, at + 1, law)),
      until: untilOf(law),
      ...dutiesOf(law),
      asked: decision.asked_by_form.map((item) => `${sayDuty(item)}${refused(item, law)}`),
      risks: risks.map((risk) => riskRow(risk, law)),
      sources: sourcesOf(law),
      version: stack.json.version,
      readings: comity.readings(stack, facts, clock).map((reading) => ({...reading, cite: cited(reading.provision, law)})),
      why: shownActions(law).map(([action, answer]) => whyOf(action, answer, law)),
      firsts: decision.actions,
      limits: decision.limits,
    };
  }

  const cited = (name, {cites}) => cites[name]?.cite ?? name;
  /** Where the text of a citation is published; empty where that is not known. */
  const addressOf = (name, {cites}) => cites[name]?.address ?? "";
  const markOf = (name, {cites}) => say(`evidence_${cites[name].evidence}`);
  const capitalized = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const shortAction = (action) => (comityDom.words()[`action_${action}`] ?? action.replaceAll("_", " "));

  /** Of the actions the five of a detainer, and others of which law here speaks. */
  const shownActions = ({actions}) => Object.entries(actions)
    .filter(([action, answer]) => ACTIONS.includes(action) || answer.determining.length);

  // ---- the head ----

  /** `Law of Maryland researched to 2026-07-09; law of Frederick County not researched, none encoded.` */
  function researchOf({place, path, day}) {
    const notEncoded = !place.encoded || place.encoded > day;
    const texts = place.researched.map(([row, name, to]) =>
      say(to ? "researched_to" : "not_researched_of", {name, day: to}) + (row === path && notEncoded ? say("none_encoded") : ""));
    return texts.length ? `${capitalized(texts.join("; "))}.` : "";
  }

  /** What is odd about the request: a form that was not in use on its day. */
  function checksOf({day, form}, values, forms) {
    const known = forms[form], received = values.get("request.received_on");
    const on = received === undefined ? day : comityClock.showDay(received);
    if (known && on < known.first) return [say("form_too_early", {form: known.title, first: known.first_words, day: on})];
    if (known && known.ended && on >= known.ended) {
      return [say("form_too_late", {form: known.title, ended: known.ended_words, day: on})];
    }
    return [];
  }

  // ---- the answers ----

  function answerRow(action, answer, law, questions) {
    return {
      action, outcome: answer.outcome, command: commandOf(answer, law), words: shortAction(action),
      beside: besideOf(answer, law, questions) || relationOf(action, law),
      notResearched: isNotResearched(answer, law),
    };
  }

  /** Where nobody looked for law, that no rule applies is not known. */
  const isNotResearched = (answer, {place}) =>
    answer.outcome === "unaddressed" && place.researched.length > 0 && !place.researched[0][2];

  const commandOf = (answer, law) =>
    (isNotResearched(answer, law) ? say("not_researched") : say(`command_${answer.outcome}`));

  function besideOf(answer, law, questions) {
    const cites = [...new Set(answer.determining.map((name) => cited(name, law)))];
    if (answer.outcome === "undetermined") {
      const numbers = answer.missing.map((item) => questions.findIndex((other) => isSame(item, other)) + 1);
      const number = numbers.find(Boolean);
      const possible = answer.possible.map((outcome) => say(`command_${outcome}`).toLowerCase()).join(say("or"));
      return withAuthority(`${possible}${number ? say("by_question", {number}) : ""}`, cites);
    }
    if (answer.outcome === "in_conflict") return withAuthority(say("conflict"), cites);
    return withAuthority(deciderOf(answer), cites);
  }

  function deciderOf({decider, outcome}) {
    return decider ? say(outcome === "required" ? "once_ordered" : "decides", {decider}) : "";
  }

  /** How handing over, where no rule decides it, relates to a hold: a detainer asks to keep the person for ICE. */
  function relationOf(action, {actions, asked}) {
    const held = ["required", "permitted"].includes(actions.hold?.outcome);
    const silent = action === "transfer" && !asked.includes(action) && actions.transfer?.outcome === "unaddressed";
    return silent && held ? say("hold_and_transfer") : "";
  }

  function withAuthority(text, cites) {
    const more = cites.length > 2 ? say("and_more_cites", {count: cites.length - 2}) : "";
    return [text, cites.length ? `${cites.slice(0, 2).join(", ")}${more}` : ""].filter(Boolean).join("; ");
  }

  // ---- what to find out ----

  const isSame = (one, other) => one.fact === other.fact && one.question === other.question && one.alike === other.alike;

  /** The most decisive questions: the first of each open answer, those of most answers first. */
  function questionsOf(law) {
    const found = [];
    for (const [, answer] of shownActions(law)) {
      const item = answer.missing[0], known = item && found.find((entry) => isSame(entry.item, item));
      if (known) known.count += 1; else if (item) found.push({item, count: 1});
    }
    return found.sort((one, other) => other.count - one.count).slice(0, QUESTIONS_MAX).map(({item}) => item);
  }

  function questionRow(item, number, law) {
    const settles = shownActions(law).filter(([, answer]) => answer.missing[0] && isSame(answer.missing[0], item));
    const listed = item.fact === AGREEMENTS ? law.agreements : "";
    return {
      number, fact: item.fact, question: item.question || item.fact,
      settles: settles.map(([action]) => shortAction(action)), listed,
    };
  }

  // ---- until when ----

  const untilOrder = (one, other) => Date.parse(one.until) - Date.parse(other.until);

  function untilOf(law) {
    const {limits, actions} = law;
    if (!limits.length || ["forbidden", "unaddressed"].includes(actions.hold?.outcome)) return null;
    const known = limits.filter(({until}) => until).sort(untilOrder);
    if (!known.length) {
      return {moment: "", readings: [...new Set(limits.map((item) => `${item.words} (${cited(item.provision, law)})`))]};
    }
    const certain = known.some(({condition}) => !condition) ? known.filter(({condition}) => !condition) : known;
    const governs = certain.find(({rules}) => rules) ?? certain[0];
    const others = known.filter(({until}) => until !== governs.until);
    return {
      moment: local(governs.until), cite: cited(governs.provision, law),
      chosen: Date.parse(governs.until) > Math.min(...certain.map(({until}) => Date.parse(until))),
      readings: others.map((item) => `${local(item.until)} (${cited(item.provision, law)})`),
    };
  }

  /** A moment as the clock on the wall shows it: `Sunday 2017-01-29, 15:00 local time`. */
  function local(moment) {
    const weekday = new Date(`${moment.slice(0, 10)}T00:00:00Z`).getUTCDay();
    return say("local_time", {weekday: say(`weekday_${weekday}`), day: moment.slice(0, 10), time: moment.slice(11, 16)});
  }

  // ---- duties ----

  /** The agency's duties under these answers: those to do now, by deadline, and those for which the law sets no time. */
  function dutiesOf(law) {
    const ours = law.obligations.filter((item) => item.ours && !isPast(item, law)).sort(byDeadline);
    const following = ours.filter((item) => !item.calendar && !isWaiting(item, law));
    const isDue = (item) => item.by || item.deadline || item.actions.some((action) => law.asked.includes(action));
    return {
      doNow: following.filter(isDue).map((item) => dutyRow(item, law)),
      noDeadline: following.filter((item) => !isDue(item)).map((item) => dutyRow(item, law)),
    };
  }

  const isPast = (item, {day}) => Boolean(item.last_day) && item.last_day < day;

  function byDeadline(one, other) {
    const key = (item) => [item.calendar, Boolean(item.condition), item.deadline || LATEST, !item.by];
    const [left, right] = [key(one), key(other)];
    const at = left.findIndex((part, place) => part !== right[place]);
    return at < 0 ? 0 : left[at] < right[at] ? -1 : 1;
  }

  /** Whether a duty waits for something that the answers rule out: to have held, told, handed over, or declined. */
  function isWaiting(item, {actions}) {
    const action = DONE_AFTER[item.after];
    if (action) return ["forbidden", "unaddressed"].includes(actions[action]?.outcome ?? "unaddressed");
    return item.after === "decline" && actions.hold?.outcome === "required";
  }

  function dutyRow(item, law) {
    const due = item.deadline ? say("due", {moment: local(item.deadline)}) : "";
    const by = item.by && !item.deadline ? `${item.by}; ` : "";
    const perhaps = item.condition ? say("if", {condition: item.condition}) : "";
    return {duty: sayDuty(item), due, source: `${by}${cited(item.provision, law)}`, perhaps, maybe: Boolean(item.condition)};
  }

  /** A deed said to its bearer: `Give the person a copy of the form.` */
  function sayDuty(item) {
    if (item.sentence) return item.sentence;
    const receiver = item.to && !isNamed(item.to, item.deed) ? ` (to ${partyName(item.to)})` : "";
    return `${capitalized(inWords(item.deed))}${receiver}.`;
  }

  const isNamed = (party, deed) => deed.split("_").includes(party.split("_").at(-1));
  const inWords = (name) => name.replaceAll("_", " ").split(" ").map((word) => INITIALS[word] ?? word).join(" ");
  const partyName = (party) => (PARTIES_WITHOUT_ARTICLE.includes(party) ? inWords(party) : `the ${inWords(party)}`);

  const refused = (item, {actions}) =>
    (item.actions.some((action) => actions[action]?.outcome === "forbidden") ? ` ${say("law_forbids")}` : "");

  // ---- risks, sources, reasons ----

  function riskRow(risk, law) {
    const {warned, provisions, rank, whyNot} = risk;
    return {
      rank, whyNot, text: warned.text, provisions, provision: warned.provision,
      cites: [...new Set(provisions.map((name) => cited(name, law)))], force: warned.force ?? "", maybe: warned.maybe,
    };
  }

  function sourcesOf(law) {
    const names = [...new Set(shownActions(law).flatMap(([, answer]) => answer.determining))].filter((name) => law.cites[name]);
    const marks = new Map(names.map((name) => [`${cited(name, law)} (${markOf(name, law)})`, name]));
    return [...marks].map(([text, name]) => ({text, name, address: addressOf(name, law)}));
  }

  /** Why an action is answered so: the law that decides with its sources, the facts on which it turns, and what yields. */
  function whyOf(action, answer, law) {
    const ground = (name) => ({name, cite: cited(name, law), address: addressOf(name, law), mark: law.cites[name] ? markOf(name, law) : "", plain: law.cites[name]?.plain ?? ""});
    return {
      action, words: capitalized(shortAction(action)), command: commandOf(answer, law), outcome: answer.outcome,
      grounds: answer.determining.map(ground),
      decisive: answer.decisive,
      missing: answer.missing.map(({fact, question}) => ({fact, question})),
      yields: answer.yielding.map(({provision, to, reason, maybe}) =>
        ({cite: cited(provision, law), to: cited(to, law), reason, maybe, provision})),
    };
  }

  return {cardOf, local, shortAction, capitalized};
})();
