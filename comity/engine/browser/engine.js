/**
 * Answers requests in a browser, or in Node, from a stack of law and the clock of a place as JSON. Nothing is sent anywhere.
 *
 * `stack_json.py` writes the stack and `clock_json.py` the clock; tests/agreement/test_browser.py holds every answer to
 * the other engines. Inside, a day is its number since 0001-01-01 (which is 1), a moment is whole microseconds since 1970,
 * and null is Unknown.
 *
 * A page uses three functions:
 *
 *     const stack = comity.openStack(stackJson);
 *     const clock = comity.openClock(clockJson);
 *     const decision = comity.decide(stack, {request: {form: "i247a"}, convictions: {partial: []}}, clock);
 */
const comity = (() => {
  "use strict";

  const OUTCOMES = ["required", "permitted", "forbidden", "unaddressed", "in_conflict"];
  const SUPPORT = {
    required: ["requires"], forbidden: ["forbids"], in_conflict: ["requires", "forbids"], permitted: ["permits"],
    unaddressed: [],
  };
  const UNKNOWN = -1; // the answer to a question that the facts do not settle
  const SO = 1, NOT_SO = 2; // the leaves of a diagram of whether something is true
  const ASKS = "request.asks", FORM = "request.form", DECISION_DAY = "decision.on";
  const AFTER_MAX = 1000; // combinations of answers that are tried to see what a fact would narrow
  const GREATEST = 1e12; // of whole numbers
  const LAST_DAY = 3652059; // 9999-12-31
  const SECOND = 1e6, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const EPOCH_DAY = 719163; // 1970-01-01

  // ---- days and moments ----

  /** The number of a day, from a year, a month from 1 and a day of the month, by the Gregorian calendar throughout. */
  function dayNumber(year, month, day) {
    const y = month > 2 ? year : year - 1;
    const m = month > 2 ? month - 3 : month + 9;
    return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 306;
  }

  /** The year, month and day of the month of a day's number. */
  function dateOf(number) {
    const z = number + 305; // days since 0000-03-01
    const era = Math.floor(z / 146097);
    const ofEra = z - era * 146097;
    const yearOfEra = Math.floor(
      (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365);
    const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
    const m = Math.floor((5 * ofYear + 2) / 153);
    const month = m < 10 ? m + 3 : m - 9;
    return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - Math.floor((153 * m + 2) / 5) + 1];
  }

  function daysInMonth(year, month) {
    if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
    return [4, 6, 9, 11].includes(month) ? 30 : 31;
  }

  /** The number of a day written as `2017-01-20`; null where there is no such day. */
  function readDay(text) {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!found) return null;
    const [year, month, day] = found.slice(1).map(Number);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
      ? dayNumber(year, month, day) : null;
  }

  const digits = (number, width) => String(number).padStart(width, "0");

  function showDay(number) {
    const [year, month, day] = dateOf(number);
    return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
  }

  /** A moment with its offset from UTC, as in `2017-01-20T09:00:00-05:00`; null for any other text. */
  function readMoment(text) {
    const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|([+-])(\d{2}):?(\d{2}))$/.exec(text);
    const day = found && readDay(found[1]);
    if (!day) return null;
    const [hour, minute, second] = [found[2], found[3], found[4] || "0"].map(Number);
    if (hour > 23 || minute > 59 || second > 59) return null;
    const offset = found[6] === "Z" ? 0 : (found[7] + "1") * (Number(found[8]) * HOUR + Number(found[9]) * MINUTE);
    const fraction = Number((found[5] || "").padEnd(6, "0"));
    return (day - EPOCH_DAY) * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction - offset;
  }

  /** A day moved by years, months or days. Month ends clamp; beyond the calendar it stays on its first or last day. */
  function shift(number, unit, amount) {
    if (unit === "days") return Math.min(Math.max(number + amount, 1), LAST_DAY);
    const [year, month, day] = dateOf(number);
    const total = year * 12 + month - 1 + (unit === "years" ? 12 : 1) * amount;
    const toYear = Math.floor(total / 12), toMonth = total - toYear * 12 + 1;
    if (toYear < 1) return 1;
    if (toYear > 9999) return LAST_DAY;
    return dayNumber(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
  }

  // ---- conditions: each is a function of the facts and of one record, and gives true, false or null ----

  /** Compiles a condition, or a side of a comparison, written by `syntax_json.py`. */
  function compile(json) {
    const [sign, ...parts] = json;
    switch (sign) {
      case "truth": case "is": return () => parts[0];
      case "day": { const day = readDay(parts[0]); return () => day; }
      case "fact": return (facts) => facts.get(parts[0]) ?? null;
      case "field": return (facts, record) => record.get(parts[0]) ?? null;
      case "not": { const body = compile(parts[0]); return (f, r) => { const so = body(f, r); return so === null ? null : !so; }; }
      case "and": return joined(parts.map(compile), false);
      case "or": return joined(parts.map(compile), true);
      case "<": return ofTwo(parts, (left, right) => left < right);
      case "==": return ofTwo(parts, (left, right) => left === right);
      case "in": { const set = compile(parts[1]); return (f, r) => isWithin(parts[0], set(f, r)); }
      case "sum": return ofTwo(parts, (left, right) => left + parts[2] * right);
      case "shift": return ofTwo([parts[0], parts[2]], (day, amount) => shift(day, parts[1], parts[3] * amount));
    }
    throw new Error(`not a part of a condition: ${sign}`);
  }

  function ofTwo(parts, join) {
    const left = compile(parts[0]), right = compile(parts[1]);
    return (facts, record) => {
      const one = left(facts, record), other = right(facts, record);
      return one === null || other === null ? null : join(one, other);
    };
  }

  /** `deciding` is the truth of one part that settles all of them: false for `&&`, true for `||`. */
  function joined(parts, deciding) {
    return (facts, record) => {
      let result = !deciding;
      for (const part of parts) {
        const so = part(facts, record);
        if (so === deciding) return deciding;
        if (so === null) result = null;
      }
      return result;
    };
  }

  function isWithin(item, set) {
    if (set === null) return null;
    return set.members.has(item) ? true : set.whole ? false : null;
  }

  /** The parts of a condition that are neither `!`, `&&` nor `||`. */
  function atomsOf(json) {
    if (json[0] === "truth") return [];
    return ["not", "and", "or"].includes(json[0]) ? json.slice(1).flatMap(atomsOf) : [json];
  }

  /** Adds to two sets the fields that a condition reads and the texts that it names. */
  function namesIn(json, fields, texts) {
    if (json[0] === "field") fields.add(json[1]);
    if (json[0] === "is" || json[0] === "in") texts.add(json[1]);
    for (const part of json) if (Array.isArray(part)) namesIn(part, fields, texts);
  }

  // ---- a stack ----

  /** Opens a stack that `write_stack` wrote. Opening takes longer than answering: keep the result. */
  function openStack(json) {
    if (json.format !== 1) throw new Error(`this script reads format 1 of a stack, and not ${json.format}`);
    const nodes = [];
    for (const [question, ...below] of json.nodes) {
      const branches = below.map((to) => (to < 0 ? ~to : nodes[to]));
      nodes.push({question, branches, reach: branches.reduce((bits, branch) => bits | reachOf(branch), 0)});
    }
    const top = (root) => (root < 0 ? ~root : nodes[root]);
    const facts = new Map(json.facts.map((fact, place) => [fact.path, {...fact, place}]));
    const fieldsOf = new Map();
    for (const fact of json.facts) {
      const [list, name] = fact.path.split("[].");
      if (fact.kind === "records") fieldsOf.set(fact.path, new Map());
      else if (name) fieldsOf.get(list).set(name, fact);
    }
    const questions = json.questions.map((question) => openQuestion(question, facts));
    const stack = {json, top, facts, fieldsOf, questions, comparisons: new Map()};
    for (const list of fieldsOf.keys()) stack.comparisons.set(list, comparisonsOf(questions, list));
    stack.given = readFacts(stack, json.given).values;
    return stack;
  }

  /** The distinct comparisons in all questions about one list, each with the fields that it reads. */
  function comparisonsOf(questions, list) {
    const found = new Map();
    for (const question of questions) {
      if (question.list === list) for (const atom of question.atoms) found.set(JSON.stringify(atom.json), atom);
    }
    return [...found.values()];
  }

  function openQuestion(json, facts) {
    const question = {...json};
    switch (json.asks) {
      case "member":
        question.answer = (values) => answerOf(isWithin(json.item, values.get(json.fact) ?? null));
        break;
      case "span": {
        const isDay = facts.get(json.fact).kind === "day";
        const from = isDay ? json.from.map(readDay) : json.from;
        question.answer = (values) => {
          const value = values.get(json.fact);
          return value === undefined ? UNKNOWN : lastNotAfter(from, value);
        };
        break;
      }
      case "value":
        question.answer = (values) => {
          const value = values.get(json.fact);
          return value === undefined ? UNKNOWN : Object.hasOwn(json.so, value) ? json.so[value] : json.other ?? UNKNOWN;
        };
        break;
      case "sides": {
        const left = compile(json.left), right = compile(json.right);
        question.answer = (values) => {
          const one = left(values), other = right(values);
          return one === null || other === null ? UNKNOWN : json.so[one < other ? 0 : one === other ? 1 : 2];
        };
        break;
      }
      case "records": {
        question.says = compile(json.body);
        question.atoms = atomsOf(json.body).map((atom) => {
          const fields = new Set();
          namesIn(atom, fields, new Set());
          return {json: atom, fields, says: compile(atom)};
        });
        question.fields = new Set();
        question.texts = new Set();
        namesIn(json.body, question.fields, question.texts);
        question.answer = (values) => countAnswer(question, values.get(json.list), countRecords(question, values));
        break;
      }
      default:
        throw new Error(`not a question: ${json.asks}`);
    }
    return question;
  }

  const answerOf = (so) => (so === null ? UNKNOWN : so ? 0 : 1);

  /** The place of the last entry of an ascending list that is not above a value. */
  function lastNotAfter(list, value) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= value) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  /** How many known records of a list satisfy the body of a question, and of how many that is not known. */
  function countRecords(question, values) {
    const counts = {sure: 0, maybe: 0};
    for (const record of values.get(question.list)?.items ?? []) addRecord(counts, question.says(values, record), 1);
    return counts;
  }

  function addRecord(counts, so, number) {
    if (so === true) counts.sure += number; else if (so === null) counts.maybe += number;
  }

  function countAnswer(question, known, counts) {
    if (counts.sure >= question.number) return 0;
    return known && known.whole && counts.sure + counts.maybe < question.number ? 1 : UNKNOWN;
  }

  // ---- facts of a request ----

  /**
   * Reads the facts of a request: nested by section as in the JSON of a request, or by their dotted paths. A list or a set
   * is an array, or `{partial: [...]}` where there may be more. Facts that this stack does not ask about are left out.
   * `unread` names each fact whose value has another form.
   */
  function readFacts(stack, document) {
    const values = new Map(), unread = [];
    for (const fact of stack.facts.values()) {
      if (fact.path.includes("[]")) continue;
      const raw = rawValue(document, fact.path);
      if (raw === undefined || raw === null) continue;
      const value = readValue(stack, fact, raw);
      if (value === null) unread.push(fact.path); else values.set(fact.path, value);
    }
    return {values, unread};
  }

  function rawValue(document, path) {
    if (Object.hasOwn(document, path)) return document[path];
    let inside = document;
    for (const part of path.split(".")) {
      if (inside === null || typeof inside !== "object" || !Object.hasOwn(inside, part)) return undefined;
      inside = inside[part];
    }
    return inside;
  }

  /** A value by the kind of its fact; null where it has another form. */
  function readValue(stack, fact, raw) {
    switch (fact.kind) {
      case "truth": return typeof raw === "boolean" ? raw : null;
      case "number": return Number.isSafeInteger(raw) && raw >= fact.minimum ? raw : null;
      case "choice": return fact.members.includes(raw) ? raw : null;
      case "text": return typeof raw === "string" ? raw : null;
      case "day": return typeof raw === "string" ? readDay(raw) : null;
      case "moment": return typeof raw === "string" ? readMoment(raw) : null;
    }
    const whole = Array.isArray(raw), entries = whole ? raw : raw.partial;
    if (!Array.isArray(entries)) return null;
    if (fact.kind === "set") {
      return entries.every((entry) => fact.members.includes(entry)) ? {members: new Set(entries), whole} : null;
    }
    const items = entries.map((entry) => readRecord(stack, fact.path, entry));
    return items.includes(null) ? null : {items, whole};
  }

  function readRecord(stack, list, raw) {
    if (raw === null || typeof raw !== "object" || Array.isArray(raw)) return null;
    const record = new Map();
    for (const [name, field] of stack.fieldsOf.get(list)) {
      const entry = raw[name];
      if (entry === undefined || entry === null) continue;
      const value = readValue(stack, field, entry);
      if (value === null) return null;
      record.set(name, value);
    }
    return record;
  }

  /** Adds what follows from other facts: what a form asks for, and the local days of moments. */
  function withDerived(stack, values, document, clock) {
    const form = values.get(FORM);
    if (!values.has(ASKS) && Object.hasOwn(stack.json.asks, form) && stack.facts.has(ASKS)) {
      values.set(ASKS, readValue(stack, stack.facts.get(ASKS), stack.json.asks[form]));
    }
    if (!clock) return;
    for (const [day, moment] of Object.entries(stack.json.derived)) {
      if (stack.facts.has(day) && !values.has(day) && values.has(moment)) setDay(values, day, clock, values.get(moment));
    }
    const at = typeof document.at === "string" ? readMoment(document.at) : null;
    if (at !== null && stack.facts.has(DECISION_DAY) && !values.has(DECISION_DAY)) setDay(values, DECISION_DAY, clock, at);
  }

  function setDay(values, path, clock, moment) {
    if (isWritten(clock, moment)) values.set(path, localDay(clock, moment));
  }

  // ---- diagrams: a node asks a question, a leaf is a number whose bits say what is possible ----

  const isLeaf = (diagram) => typeof diagram === "number";
  const reachOf = (diagram) => (isLeaf(diagram) ? diagram : diagram.reach);

  /** All the bits that some answers leave open. */
  function openBits(diagram, answers) {
    let found = 0;
    const seen = new Set(), pending = [diagram];
    while (pending.length) {
      const node = pending.pop();
      if (isLeaf(node)) found |= node;
      else if (node.reach & ~found && !seen.has(node)) {
        seen.add(node);
        const answer = answers[node.question];
        if (answer === UNKNOWN) pending.push(...node.branches); else pending.push(node.branches[answer]);
      }
    }
    return found;
  }

  /** Whether something is true for some answer to the open questions, and whether for every one. */
  function status(stack, root, answers) {
    const bits = openBits(stack.top(root), answers);
    return {some: (bits & SO) !== 0, always: (bits & NOT_SO) === 0};
  }

  /** Builds nodes; those with equal branches are one. */
  class Nodes {
    constructor() { this.known = new Map(); this.numbers = new Map(); }

    numberOf(diagram) {
      if (isLeaf(diagram)) return `=${diagram}`;
      if (!this.numbers.has(diagram)) this.numbers.set(diagram, this.numbers.size);
      return this.numbers.get(diagram);
    }

    node(question, branches) {
      if (branches.every((branch) => branch === branches[0])) return branches[0];
      const key = [question, ...branches.map((branch) => this.numberOf(branch))].join(",");
      if (!this.known.has(key)) {
        this.known.set(key, {question, branches, reach: branches.reduce((bits, branch) => bits | reachOf(branch), 0)});
      }
      return this.known.get(key);
    }

    /** What is left of a diagram once some questions are answered; contradictions (0) are left out. */
    restricted(diagram, answers, done = new Map()) {
      if (isLeaf(diagram)) return diagram;
      if (!done.has(diagram)) {
        const answer = answers[diagram.question];
        const branches = diagram.branches.map((branch, place) =>
          answer === UNKNOWN || answer === place ? this.restricted(branch, answers, done) : 0);
        const left = branches.filter((branch) => branch !== 0);
        const same = left.length > 0 && left.every((branch) => branch === left[0]);
        done.set(diagram, left.length === 0 ? 0 : same ? left[0] : this.node(diagram.question, branches));
      }
      return done.get(diagram);
    }

    /** A diagram without one question, which has the answer at a place. */
    settled(diagram, question, place, done = new Map()) {
      if (isLeaf(diagram)) return diagram;
      if (!done.has(diagram)) {
        done.set(diagram, diagram.question === question
          ? this.settled(diagram.branches[place], question, place, done)
          : this.node(diagram.question, diagram.branches.map((branch) => this.settled(branch, question, place, done))));
      }
      return done.get(diagram);
    }
  }

  /** The questions that a diagram asks. */
  function questionsIn(diagram) {
    const found = new Set(), seen = new Set(), pending = [diagram];
    while (pending.length) {
      const node = pending.pop();
      if (isLeaf(node) || seen.has(node)) continue;
      seen.add(node);
      found.add(node.question);
      pending.push(...node.branches);
    }
    return found;
  }

  const ascending = (one, other) => one - other;

  /** The distinct sets of outcomes, as bits, that every consistent answer to some questions can leave open. */
  function after(stack, diagram, answers, wanted) {
    const nodes = new Nodes(), start = nodes.restricted(diagram, answers);
    const found = new Set(), seen = new Set(), pending = [start];
    while (pending.length) {
      const node = pending.pop(), bits = reachOf(node);
      const question = [...questionsIn(node)].sort(ascending).find((each) => wanted.has(each));
      if (question === undefined) {
        if (bits) found.add(bits);
      } else if (!seen.has(node)) {
        seen.add(node);
        if (seen.size > AFTER_MAX) return found.add(reachOf(start));
        for (let place = 0; place < stack.questions[question].answers; place++) {
          pending.push(nodes.settled(node, question, place));
        }
      }
    }
    return found;
  }

  // ---- an answer and its grounds ----

  const outcomesOf = (bits) => OUTCOMES.filter((_, place) => bits & (1 << place));
  const countOf = (bits) => outcomesOf(bits).length;

  /**
   * Decides a request. The result has the form of a decision in JSON, as far as it goes: `actions` by name, `obligations`,
   * `asked_by_form` and `limits`; `unread` names the facts that could not be read, which count as not known.
   * Without a clock no limit ends and no obligation has a deadline.
   */
  function decide(stack, document, clock = null) {
    const {values: stated, unread} = readFacts(stack, document);
    withDerived(stack, stated, document, clock);
    const values = new Map([...stack.given, ...stated]);
    const answers = stack.questions.map((question) => question.answer(values));
    const actions = {};
    for (const action of actionsFor(stack, values)) actions[action] = explained(stack, action, values, answers);
    const owed = stack.json.obligations.map((item) => owedOf(stack, item, values, answers, clock)).filter(Boolean);
    const inOrder = owed.filter((item) => item.asked_by_form);
    return {
      actions,
      obligations: owed.filter((item) => !item.asked_by_form).map(withoutOrigin),
      asked_by_form: [...inOrder.filter((item) => item.of_form), ...inOrder.filter((item) => !item.of_form)].map(withoutOrigin),
      limits: limitsOf(stack, values, answers, clock),
      unread,
    };
  }

  /** The actions that are answered: those of the jail, and of the others those that are asked for. */
  function actionsFor(stack, values) {
    const asked = values.get(ASKS)?.members ?? new Set();
    return [...stack.json.actions, ...stack.json.asked_only.filter((action) => asked.has(action))];
  }

  function explained(stack, action, values, answers) {
    const law = stack.json.outcomes[action];
    const bits = law ? openBits(stack.top(law.root), answers) : 1 << OUTCOMES.indexOf("unaddressed");
    const possible = outcomesOf(bits), outcome = possible.length === 1 ? possible[0] : "undetermined";
    if (!law) {
      return {outcome, possible, determining: [], yielding: [], missing: [], decisive: [], decider: ""};
    }
    const determining = determiningOf(stack, law, possible, answers);
    return {
      outcome, possible, determining,
      yielding: yieldingOf(stack, law, answers),
      missing: possible.length > 1 ? missingFacts(stack, law, values, answers) : [],
      decisive: decisiveFacts(stack, law, answers),
      decider: deciderOf(stack, law, determining, possible),
    };
  }

  /** The provisions that support the outcome and prevail whatever is not known; if none do, those that may. */
  function determiningOf(stack, law, possible, answers) {
    const kinds = new Set(possible.flatMap((outcome) => SUPPORT[outcome]));
    const standing = law.effects.map((index) => stack.json.effects[index]).filter((effect) => kinds.has(effect.kind))
      .map((effect) => ({effect, ...status(stack, effect.stands, answers)}));
    let found = standing.filter(({always}) => always);
    if (!found.length || possible.length > 1) found = standing.filter(({some}) => some);
    return [...new Set(found.map(({effect}) => effect.provision))].sort();
  }

  /** Each duty that yields, to what and why; then the provisions that are set aside. */
  function yieldingOf(stack, law, answers) {
    const found = new Map();
    for (const index of law.effects) {
      const effect = stack.json.effects[index];
      for (const [other, reason, root] of effect.yields) {
        const {some, always} = status(stack, root, answers), to = stack.json.effects[other].provision;
        const key = `${effect.provision}\0${to}`;
        if (some && !found.has(key)) found.set(key, {provision: effect.provision, to, reason, maybe: !always});
      }
    }
    const certain = new Map();
    for (const entry of found.values()) {
      if (!entry.maybe && !certain.has(entry.provision)) certain.set(entry.provision, entry);
    }
    const open = [...found.values()].filter((entry) => !certain.has(entry.provision));
    const aside = law.set_aside.map(([provision, to, reason]) => ({provision, to, reason, maybe: false}));
    return [...certain.values(), ...open, ...aside];
  }

  /** Who decides where the action may be permitted; where it is required, whose order the duty waits for. */
  function deciderOf(stack, law, determining, possible) {
    const effects = law.effects.map((index) => stack.json.effects[index]);
    const provisions = determining.map((name) => effects.find((effect) => effect.provision === name));
    if (possible.includes("permitted")) {
      return provisions.find((effect) => !effect.requires_only && effect.decider)?.decider ?? "";
    }
    const deciders = possible.length === 1 && possible[0] === "required" ? provisions.map(({decider}) => decider) : [];
    return deciders.length && deciders.every(Boolean) ? deciders[0] : "";
  }

  /** A minimal set of known facts that leaves open what all known facts do. */
  function decisiveFacts(stack, law, answers) {
    const top = stack.top(law.root), goal = openBits(top, answers);
    const needed = law.questions.filter((question) => answers[question] !== UNKNOWN);
    let remaining = answers.map(() => UNKNOWN);
    for (const question of needed) remaining[question] = answers[question];
    const pending = [needed.slice().reverse()];
    while (pending.length) { // many can be left out together if they can one after the other: what is left out only widens
      const block = pending.pop(), fewer = remaining.slice();
      for (const question of block) fewer[question] = UNKNOWN;
      if (openBits(top, fewer) === goal) remaining = fewer;
      else if (block.length > 1) {
        const half = block.length >> 1;
        pending.push(block.slice(half), block.slice(0, half));
      }
    }
    const facts = new Set(needed.filter((question) => remaining[question] !== UNKNOWN)
      .flatMap((question) => stack.questions[question].facts));
    return [...facts].sort((one, other) => byPlace(stack, one, other));
  }

  function byPlace(stack, one, other) {
    const place = (fact) => stack.facts.get(fact.replace(/\[\d+\]/, "[]")).place;
    return place(one) - place(other) || (one < other ? -1 : one > other ? 1 : 0);
  }

  // ---- missing facts ----

  /** The facts on which the outcome of an action depends, most decisive first: ranked as `decision/missing.py` does. */
  function missingFacts(stack, law, values, answers) {
    const top = stack.top(law.root), now = countOf(openBits(top, answers));
    const open = [...questionsIn(new Nodes().restricted(top, answers))].sort(ascending);
    const facts = [...new Set(open.flatMap((question) => stack.questions[question].facts))];
    const found = [];
    const add = (fact, alike, left) => {
      const removed = [...left].map((bits) => now - countOf(bits));
      if (!removed.length) return;
      const average = roundedToCents(removed.reduce((sum, each) => sum + each, 0) / removed.length);
      const question = stack.facts.get(fact.replace(/\[\d+\]/, "[]")).question;
      found.push({fact, question, removes_at_least: Math.min(...removed), removes_on_average: average, alike});
    };
    for (const fact of facts) {
      const value = values.get(fact), reading = open.filter((question) => stack.questions[question].facts.includes(fact));
      if (value !== undefined && value.items) missingInRecords(stack, fact, reading, values, answers, top, add);
      if (value === undefined || value.whole === false) {
        const settles = (question) =>
          stack.questions[question].facts.every((other) => other === fact || values.has(other));
        add(fact, 1, after(stack, top, answers, new Set(reading.filter(settles))));
      }
    }
    return found.sort((one, other) => other.removes_at_least - one.removes_at_least
      || other.removes_on_average - one.removes_on_average || byPlace(stack, one.fact, other.fact));
  }

  /** Rounded to two digits; exactly between two numbers to the even digit, as Python rounds. */
  function roundedToCents(number) {
    const eighths = number * 8;
    if (!Number.isInteger(eighths) || eighths % 2 === 0) return Number(number.toFixed(2));
    const below = Math.floor(number * 100);
    return (below % 2 === 0 ? below : below + 1) / 100;
  }

  /** The unknown fields of the records of a list, each with what every value leaves open; equal records once. */
  function missingInRecords(stack, list, reading, values, answers, top, add) {
    const {items} = values.get(list), fields = stack.fieldsOf.get(list);
    const questions = reading.map((question) => ({question, ...stack.questions[question]}));
    const counts = questions.map((question) => countRecords(question, values));
    const kinds = new Map();
    items.forEach((record, index) => {
      const key = likeness(stack, list, values, record);
      if (kinds.has(key)) kinds.get(key).alike += 1; else kinds.set(key, {record, index, alike: 1});
    });
    for (const {record, index, alike} of kinds.values()) {
      const before = questions.map((question) => question.says(values, record));
      const read = new Set(questions.flatMap((question, at) => (before[at] === null ? [...question.fields] : [])));
      for (const [name, field] of fields) {
        if (!read.has(name) || !isOpen(record.get(name))) continue;
        const left = new Set();
        for (const value of valuesToTry(questions, values, record, name, field)) {
          const changed = new Map(record).set(name, value), fresh = answers.slice();
          questions.forEach((question, at) => {
            const count = {...counts[at]};
            addRecord(count, before[at], -1);
            addRecord(count, question.says(values, changed), 1);
            const answer = countAnswer(question, values.get(list), count);
            if (answer !== UNKNOWN) fresh[question.question] = answer;
          });
          left.add(openBits(top, fresh));
        }
        add(`${list}[${index}].${name}`, alike, left);
      }
    }
  }

  const isOpen = (value) => value === undefined || value.whole === false;

  /** A text that is equal for records of which every comparison says the same and the same fields are open. */
  function likeness(stack, list, values, record) {
    const comparisons = stack.comparisons.get(list);
    const read = new Set(comparisons.flatMap(({fields}) => [...fields]));
    const opens = [...stack.fieldsOf.get(list).keys()].filter((name) => read.has(name) && isOpen(record.get(name)));
    const beside = new Set(comparisons.filter(({fields}) => fields.size > 1 && opens.some((name) => fields.has(name)))
      .flatMap(({fields}) => [...fields]).filter((name) => !opens.includes(name)));
    const known = [...beside].sort().map((name) => {
      const value = record.get(name);
      return [name, value.members ? [...value.members].sort() : value];
    });
    return JSON.stringify([comparisons.map(({says}) => says(values, record)), opens, known]);
  }

  /** Values of a field of a record that cover every combination of truths that some value gives. */
  function valuesToTry(questions, values, record, name, field) {
    const named = () => field.members.filter((member) => questions.some(({texts}) => texts.has(member)));
    switch (field.kind) {
      case "truth": return [true, false];
      case "choice": {
        const members = named();
        return [...members, ...field.members.filter((member) => !members.includes(member)).slice(0, 1)];
      }
      case "set": {
        const members = named();
        return [[], ...members.map((member) => [member]), members].map((some) => ({members: new Set(some), whole: true}));
      }
      case "number": return turnsOf(questions, values, record, name, field.minimum, GREATEST);
      case "day": return turnsOf(questions, values, record, name, 1, LAST_DAY);
    }
    return [];
  }

  /** The least value of an ordered field, and each at which a comparison of it changes. */
  function turnsOf(questions, values, record, name, least, most) {
    const found = new Set([least]);
    for (const {json, fields, says} of questions.flatMap(({atoms}) => atoms)) {
      if (!fields.has(name) || !["<", "=="].includes(json[0])) continue;
      const at = (number) => says(values, new Map(record).set(name, number));
      const first = at(least);
      if (first === at(most)) continue;
      let low = least, high = most;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (at(middle) === first) low = middle; else high = middle;
      }
      found.add(high);
    }
    return [...found].sort(ascending);
  }

  // ---- obligations ----

  function owedOf(stack, item, values, answers, clock) {
    const {some, always} = status(stack, item.when, answers);
    if (!some) return null;
    const start = values.get(stack.json.runs_from[item.after]);
    const end = clock && start !== undefined ? deadlineOf(clock, item.within, start) : null;
    const {when, within, ...owed} = item;
    return {...owed, condition: always ? "" : item.condition, deadline: end ?? ""};
  }

  function withoutOrigin({asked_by_form, of_form, ...owed}) { return owed; }

  /** When a deed is due, in local time; null for a time that is not in hours or days. A day ends at the same time of day. */
  function deadlineOf(clock, within, start) {
    const found = /^([0-9]{1,4}) (hour|day)s?$/.exec(within);
    if (!found || !isWritten(clock, start)) return null;
    if (found[2] === "hour") return showMoment(clock, start + Number(found[1]) * HOUR);
    const local = localTime(clock, start) + Number(found[1]) * DAY;
    return showLocal(local, firstOffset(clock, local));
  }

  // ---- the clock of a place ----

  /** Opens a clock that `write_clock` wrote. */
  function openClock(json) {
    const holidays = new Map();
    for (const [name, days] of Object.entries(json.holidays)) for (const day of days) holidays.set(readDay(day), name);
    const changes = json.offsets.map(([at, offset]) => ({at: at * SECOND, offset: offset * SECOND}));
    return {
      zone: json.zone, changes, holidays, starts: changes.map(({at}) => at),
      first: (readDay(json.first) - EPOCH_DAY) * DAY, last: (readDay(json.last) - EPOCH_DAY) * DAY,
    };
  }

  /** Whether the clock knows the offset and the holidays of a moment. */
  const isWritten = (clock, moment) => clock.first <= moment - DAY && moment + DAY <= clock.last;
  const offsetAt = (clock, moment) => clock.changes[Math.max(lastNotAfter(clock.starts, moment), 0)].offset;
  const localTime = (clock, moment) => moment + offsetAt(clock, moment);
  const localDay = (clock, moment) => Math.floor(localTime(clock, moment) / DAY) + EPOCH_DAY;

  /** The offset of a local time: of one that comes twice, or never, that which held before the change. */
  function firstOffset(clock, local) {
    let offset = clock.changes[0].offset;
    for (const change of clock.changes.slice(1)) {
      if (local < change.at + Math.max(offset, change.offset)) break;
      offset = change.offset;
    }
    return offset;
  }

  /** The first moment of a day at which local clocks show a time or a later one. */
  function wall(clock, day, time) {
    const [hour, minute] = time.split(":").map(Number);
    const local = (day - EPOCH_DAY) * DAY + hour * HOUR + minute * MINUTE;
    const moment = local - firstOffset(clock, local);
    if (localTime(clock, moment) === local) return moment;
    return clock.starts[lastNotAfter(clock.starts, moment)]; // clocks skip that time: the moment they go forward
  }

  function showLocal(local, offset) {
    const seconds = Math.floor(local / SECOND), fraction = local - seconds * SECOND, ofDay = ((seconds % 86400) + 86400) % 86400;
    const time = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60].map((part) => digits(part, 2)).join(":");
    const minutes = Math.abs(offset) / MINUTE;
    const zone = `${offset < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`;
    return `${showDay(Math.floor(local / DAY) + EPOCH_DAY)}T${time}${fraction ? `.${digits(fraction, 6)}` : ""}${zone}`;
  }

  /** A moment in local time, with its offset: `2017-01-20T09:00:00-05:00`. */
  const showMoment = (clock, moment) => showLocal(localTime(clock, moment), offsetAt(clock, moment));

  /** A duration in words: `8 hours`, `7 hours 30 minutes`. */
  function formatSpan(span) {
    const seconds = Math.floor(span / SECOND);
    return [[Math.floor(seconds / 3600), "hour"], [Math.floor(seconds / 60) % 60, "minute"], [seconds % 60, "second"]]
      .filter(([number]) => number).map(([number, unit]) => `${number} ${unit}${number === 1 ? "" : "s"}`).join(" ") || "0 hours";
  }

  /** Why a day does not count, as in `Saturday` or `Labor Day`; empty where it counts. */
  function whyNotCounted(clock, day, listed) {
    const iso = showDay(day);
    for (const holiday of listed) {
      if (holiday === iso || holiday === iso.slice(5)) return "a holiday that this law lists";
      if (holiday === "federal" && clock.holidays.has(day)) return clock.holidays.get(day);
    }
    return {6: "Saturday", 0: "Sunday"}[day % 7] ?? "";
  }

  // ---- limits on a hold ----

  const skips = (limit) => limit.clock === "excluding_weekends_holidays" && !limit.until;

  /** What a limit runs from: receipt, release eligibility, or both where the earlier counts. */
  function startsOf(limit) {
    if (limit.until) return [limit.of || "release_eligible"];
    return limit.starts === "earlier" ? ["receipt", "release_eligible"] : [limit.starts];
  }

  /** The moment from which a limit runs, or the day for a time of day; null where neither is known. */
  function startOf(stack, limit, values) {
    const paths = startsOf(limit).map((name) => stack.json.starts[name]);
    const known = paths.map(([moment]) => values.get(moment)).filter((moment) => moment !== undefined);
    if (known.length === paths.length) return {moment: Math.min(...known)};
    const day = limit.until ? values.get(paths[0][1]) : undefined;
    return day === undefined ? null : {day};
  }

  /** When a hold must end, and the steps of the count; null where its start is not known or the clock does not reach it. */
  function endOf(clock, limit, start) {
    if (!start) return null;
    const moment = start.moment ?? (start.day - EPOCH_DAY) * DAY;
    if (!isWritten(clock, moment)) return null;
    if (start.moment === undefined) {
      const until = wall(clock, start.day, limit.until);
      return {until, steps: [{at: until, words: `${limit.until} on that day`, counted: true}]};
    }
    const steps = [{at: moment, words: "the limit starts to run", counted: true}];
    if (limit.until) {
      const until = wall(clock, localDay(clock, moment), limit.until), passed = until < moment;
      const words = passed ? `${limit.until} on that day has passed` : `${limit.until} on that day`;
      steps.push({at: passed ? moment : until, words, counted: true});
    } else if (!skips(limit)) {
      const words = `${formatSpan(limit.hours * HOUR)} counted, weekends and holidays included`;
      steps.push({at: moment + limit.hours * HOUR, words, counted: true});
    } else {
      countDays(clock, limit, moment, steps);
    }
    const until = steps.at(-1).at;
    return isWritten(clock, until) ? {until, steps} : null;
  }

  /** Counts hours day by day, and skips days that do not count. */
  function countDays(clock, limit, moment, steps) {
    let at = moment, left = limit.hours * HOUR;
    while (left && isWritten(clock, at)) {
      const day = localDay(clock, at), midnight = wall(clock, day + 1, "00:00");
      const skipped = whyNotCounted(clock, day, limit.holidays), counted = skipped ? 0 : Math.min(left, midnight - at);
      at = skipped ? midnight : at + counted;
      left -= counted;
      const words = skipped ? `not counted: ${skipped}` : `${formatSpan(counted)} counted, ${formatSpan(left)} left`;
      steps.push({at, words, counted: !skipped});
    }
  }

  /** The end that rules: the earliest, except where counsel has chosen among the federal readings. */
  function rulingEnd(ends) {
    const chosen = ends.filter(({limit, maybe}) => limit.chosen && !maybe);
    let federal = ends.filter(({limit}) => limit.federal);
    const others = ends.filter(({limit, maybe}) => !limit.federal && !(limit.chosen && !maybe));
    const moments = (some) => some.map(({until}) => until);
    let leading = moments(federal);
    if (chosen.length) {
      const surely = moments(federal.filter(({maybe}) => !maybe));
      // A federal reading that only may apply must not lengthen the hold.
      const longest = surely.length ? Math.max(...surely) : leading.length ? Math.min(...leading) : Infinity;
      leading = [Math.min(...moments(chosen)), longest];
    }
    const earliest = Math.min(...leading, ...moments(others));
    return earliest === Infinity ? null : earliest;
  }

  /** The limits on a hold that apply or may, as a decision has them: `until` in local time, `rules` where it governs. */
  function limitsOf(stack, values, answers, clock) {
    const found = applicable(stack, values, answers, clock);
    const ends = found.filter(({ending}) => ending).map((each) => ({...each, until: each.ending.until}));
    const rules = rulingEnd(ends.filter(({maybe}) => !maybe)) ?? rulingEnd(ends);
    const governing = new Set(ends.filter(({until}) => until === rules).map(({limit}) => limit.provision));
    return found.map(({limit, maybe, ending}) => ({
      provision: limit.provision, until: ending ? showMoment(clock, ending.until) : "", words: limit.words,
      condition: maybe ? limit.condition : "", rules: governing.has(limit.provision),
    }));
  }

  function applicable(stack, values, answers, clock) {
    return stack.json.limits.flatMap((limit) => {
      const {some, always} = status(stack, limit.when, answers);
      const start = startOf(stack, limit, values);
      return some ? [{limit, maybe: !always, start, ending: clock && endOf(clock, limit, start)}] : [];
    });
  }

  /** All readings of how long a hold may last, side by side with each step, in the order of their ends: first those that rule. */
  function readings(stack, document, clock) {
    const {values: stated} = readFacts(stack, document);
    withDerived(stack, stated, document, clock);
    const values = new Map([...stack.given, ...stated]);
    const answers = stack.questions.map((question) => question.answer(values));
    const found = applicable(stack, values, answers, clock);
    const rules = rulingEnd(found.filter(({ending}) => ending).map((each) => ({...each, until: each.ending.until})));
    const eligible = values.get(stack.json.starts.release_eligible[0]);
    const order = (each) => [each.ending && each.ending.until === rules ? 0 : 1, each.ending ? each.ending.until : Infinity];
    const inOrder = found.map((each) => [order(each), each]).sort(([one], [other]) => one[0] - other[0] || (one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : 0));
    return inOrder.map(([, {limit, maybe, start, ending}]) => ({
      provision: limit.provision, words: limit.words, hours: limit.hours || null, condition: maybe ? limit.condition : "",
      starts_at: start?.moment !== undefined && isWritten(clock, start.moment) ? showMoment(clock, start.moment) : "",
      until: ending ? showMoment(clock, ending.until) : "",
      elapsed: ending && start.moment !== undefined ? formatSpan(ending.until - start.moment) : "",
      rules: ending !== null && ending.until === rules,
      steps: ending ? ending.steps.map((step) => ({...step, at: showMoment(clock, step.at)})) : [],
      note: noteOf(start, ending, eligible),
    }));
  }

  function noteOf(start, ending, eligible) {
    if (start && !ending) return "it is not counted here, because it lies beyond the days that this page knows";
    return ending && eligible !== undefined && ending.until < eligible
      ? "it runs out before the person is due for release, so it leaves no time for a hold" : "";
  }

  return {openStack, openClock, decide, readings, status, readDay, showDay, readMoment};
})();

if (typeof module !== "undefined") module.exports = comity;
