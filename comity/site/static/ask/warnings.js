/**
 * The warnings of an answer in the order in which they matter, each once: as `comity/decision/risks.py` ranks them, which
 * says why. tests/site/test_ask_engine.py holds this order to that of a decision.
 */
const comityWarnings = (() => {
  "use strict";

  const WEIGHTY = ["authority", "liability"], SMALL = ["", "form", "penalty"];
  const ORDER = {authority: 0, liability: 0, "": 1, form: 1, penalty: 1, dispute: 5, money: 6, history: 7};
  const PERSUASIVE = 2, POSSIBLE_FORM = 3, POSSIBLY_PERSUASIVE = 4;
  const FEDERAL_DEPTH = 1; // slashes in the id of a federal instrument
  const APART = ["money", "history"]; // topics that are shown apart
  const AGENCY_NOT_GIVEN = "agency.kind";
  const LAST_DAY_NUMBER = 99991231;

  const instrumentOf = (provision) => provision.split("#")[0];
  const topicOf = (warned) => warned.topic ?? "";
  const restsOn = (answer, instrument) => answer.determining.some((name) => instrumentOf(name) === instrument);

  /** The warnings that apply or may, by action; `answers` are those of a request to the questions of the stack. */
  function applying(stack, answers) {
    return Object.fromEntries(Object.entries(stack.json.warnings).map(([action, warnings]) => [action,
      warnings.flatMap(({when, ...warned}) => {
        const {some, always} = comity.status(stack, when, answers);
        return some ? [{...warned, maybe: !always}] : [];
      })]));
  }

  /**
   * All warnings of some answers, ranked. Each risk has `warned`, `actions`, `provisions` and `whyNot`: why these answers do
   * not run it (`doing`, `declining`, `others`, `money`, `history`), empty where they do.
   */
  function rank(actions, warnings, asked, agencyText) {
    const groups = new Map();
    for (const action of Object.keys(actions)) {
      for (const warned of warnings[action] ?? []) {
        const key = groupOf(warned);
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push({action, warned});
      }
    }
    const risks = [...groups].flatMap(([key, given]) => risksOfGroup(key, given, actions, agencyText));
    const ordered = risks.map((risk) => ({risk, at: orderOf(risk, asked)}));
    ordered.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    return ordered.map(({risk}, place) => ({...risk, rank: place + 1}));
  }

  function groupOf(warned) {
    if (warned.topic === "penalty") return `penalties of ${instrumentOf(warned.provision)}`;
    const key = warned.same_as || warned.provision;
    return warned.topic || warned.same_as ? key : `${key} ${warned.text}`;
  }

  function risksOfGroup(key, given, actions, agencyText) {
    const penalties = given.filter(({warned}) => warned.topic === "penalty").map(({warned}) => warned.text);
    const whole = key === AGENCY_NOT_GIVEN ? agencyText : [...new Set(penalties)].join(" ");
    const members = given.map(({action, warned}) => ({action, warned: {...warned, text: whole || warned.text}}));
    let texts = members.filter(({warned}) => !warned.same_as).map(({warned}) => warned.text);
    if (!texts.length) texts = [members[0].warned.text];
    return [...new Set(texts)].map((text) => riskOfText(text, key, members, actions));
  }

  function riskOfText(text, key, members, actions) {
    const some = members.filter(({warned}) => warned.text === text || warned.same_as);
    const same = some.map(({warned}) => warned).filter((warned) => warned.text === text);
    const provisions = [...new Set(some.map(({warned}) => warned.provision))];
    const reasons = some.map(({action, warned}) => whyNot(warned, actions[action]));
    return {
      warned: same.find(({maybe}) => !maybe) ?? same[0],
      actions: [...new Set(some.map(({action}) => action))],
      provisions: [...provisions.filter((name) => name === key), ...provisions.filter((name) => name !== key)],
      whyNot: reasons.every(Boolean) ? reasons[0] : "",
      disputesAnswer: some.some(({action, warned}, at) => !reasons[at] && disputes(warned, actions[action])),
    };
  }

  function whyNot(warned, answer) {
    if (warned.parties_only) return "others";
    if (APART.includes(warned.topic)) return warned.topic;
    if (warned.topic === "penalty" && restsOn(answer, instrumentOf(warned.provision))) return "";
    if (warned.about === "doing" && answer.outcome === "forbidden") return "doing";
    if (warned.about === "declining" && answer.outcome === "required") return "declining";
    return "";
  }

  function disputes(warned, answer) {
    if (!warned.disputes) return false;
    if (answer.outcome === "unaddressed") return warned.disputes.split("/").length - 1 > FEDERAL_DEPTH;
    return restsOn(answer, warned.disputes);
  }

  function orderOf(risk, asked) {
    const {warned} = risk;
    const isAsked = risk.actions.some((action) => (asked.length ? asked.includes(action) : true));
    const digits = [
      Boolean(risk.whyNot), !warned.constitutional || warned.maybe, !isAsked, weightOf(risk), warned.maybe,
      !warned.constitutional,
    ];
    const age = LAST_DAY_NUMBER - Number((warned.since ?? "").replaceAll("-", "") || 0);
    return [...digits.map(Number), String(age).padStart(8, "0"), risk.provisions.join("\0")].join("");
  }

  function weightOf({warned, disputesAnswer}) {
    if (disputesAnswer) return ORDER.authority;
    if (WEIGHTY.includes(topicOf(warned)) && warned.force === "persuasive") {
      return warned.maybe ? POSSIBLY_PERSUASIVE : PERSUASIVE;
    }
    return SMALL.includes(topicOf(warned)) && warned.maybe ? POSSIBLE_FORM : ORDER[topicOf(warned)];
  }

  return {applying, rank};
})();
