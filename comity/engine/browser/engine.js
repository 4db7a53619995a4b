/**
 * Answers requests in a browser, or in Node, from a stack of law and the clock of a place as JSON. It sends nothing.
 *
 * `stack_json.py` writes the stack and `clock_json.py` the clock; tests/agreement/test_browser.py holds every answer to
 * the other engines. It needs clock.js, which a page loads before it. Inside, days and moments are numbers as in
 * clock.js, and null is Unknown.
 *
 * A page uses three functions:
 *
 *     const stack = comity.openStack(stackJson);
 *     const clock = comity.openClock(clockJson);
 *     const decision = comity.decide(stack, {request: {form: "i247a"}, convictions: {partial: []}}, clock);
 */
const comity = (() => {
  "use strict";

  const clockScript = typeof require === "undefined" ? comityClock : require("./clock.js");
  const {LAST_DAY, readDay, readMoment, shift, lastNotAfter, openClock, isWritten, localDay, showMoment} = clockScript;
  const {formatSpan, startOf, countHold, showEnding, rulingEnd, deadlineOf} = clockScript;
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

  // ---- conditions: each is a function of the facts and of one record, and gives true, false or null ----

  /** Compiles a condition, or a side of a comparison, written by `syntax_json.py`. */
  function compile(json) {
    const [sign, ...parts] = json;
    switch (sign) {
      case "truth": case "is": return () => parts[0];
      case "day": { const day = readDay(parts[0]); return () => day; }
      case "fact": return (facts) => facts.get(parts[0]) ?? null;
      case "field": return (facts, record) => record.get(parts[0]) ?? null;
      case "not": { const body = compile(parts[0]); return (facts, record) => denied(body(facts, record)); }
      case "and": return joined(parts.map(compile), false);
      case "or": return joined(parts.map(compile), true);
      case "<": return ofTwo(parts, (left, right) => left < right);
      case "==": return ofTwo(parts, (left, right) => left === right);
      case "in": { const set = compile(parts[1]); return (facts, record) => isWithin(parts[0], set(facts, record)); }
      case "sum": return ofTwo(parts, (left, right) => left + parts[2] * right);
      case "shift": return ofTwo([parts[0], parts[2]], (day, amount) => shift(day, parts[1], parts[3] * amount));
    }
    throw new Error(`not a part of a condition: ${sign}`);
  }

  const denied = (so) => (so === null ? null : !so);

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

  /** The fields that a condition reads, and the texts that it names. */
  function namesIn(json, found = {fields: new Set(), texts: new Set()}) {
    if (json[0] === "field") found.fields.add(json[1]);
    if (json[0] === "is" || json[0] === "in") found.texts.add(json[1]);
    for (const part of json) if (Array.isArray(part)) namesIn(part, found);
    return found;
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
    const comparisons = new Map([...fieldsOf.keys()].map((list) => [list, new Map()]));
    const questions = json.questions.map((question) => openQuestion(question, facts, comparisons));
    const stack = {json, top, facts, fieldsOf, questions, comparisons};
    stack.given = readFacts(stack, json.given).values;
    return stack;
  }

  /** A question with `answer`: from the facts to the number of an answer, or UNKNOWN. */
  function openQuestion(json, facts, comparisons) {
    switch (json.asks) {
      case "member": return {...json, answer: (values) => answerOf(isWithin(json.item, values.get(json.fact) ?? null))};
      case "span": {
        const from = facts.get(json.fact).kind === "day" ? json.from.map(readDay) : json.from;
        const answer = (values) => (values.has(json.fact) ? lastNotAfter(from, values.get(json.fact)) : UNKNOWN);
        return {...json, answer};
      }
      case "value": {
        const answerAt = (value) => (Object.hasOwn(json.so, value) ? json.so[value] : json.other ?? UNKNOWN);
        return {...json, answer: (values) => (values.has(json.fact) ? answerAt(values.get(json.fact)) : UNKNOWN)};
      }
      case "sides": {
        const compared = ofTwo([json.left, json.right], (one, other) => json.so[one < other ? 0 : one === other ? 1 : 2]);
        return {...json, answer: (values) => compared(values) ?? UNKNOWN};
      }
      case "records": return openRecords(json, comparisons.get(json.list));
    }
    throw new Error(`not a question: ${json.asks}`);
  }

  /** A question about the records of a list; `comparisons` has each distinct one in the bodies of its questions, by its text. */
  function openRecords(json, comparisons) {
    const atoms = atomsOf(json.body).map((atom) => {
      const text = JSON.stringify(atom);
      if (!comparisons.has(text)) comparisons.set(text, {sign: atom[0], says: compile(atom), ...namesIn(atom)});
      return comparisons.get(text);
    });
    const question = {...json, atoms, says: compile(json.body), ...namesIn(json.body)};
    question.answer = (values) => countAnswer(question, values.get(json.list), countRecords(question, values));
    return question;
  }

  const answerOf = (so) => (so === null ? UNKNOWN : so ? 0 : 1);

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

  /**
   * Reads a request: the facts, completed by those of the place, by what its form asks for and by the local days of its
   * moments; the answers to the questions of the stack; and the facts that could not be read.
   */
  function readRequest(stack, document, clock) {
    const {values: stated, unread} = readFacts(stack, document);
    const form = stated.get(FORM), at = typeof document.at === "string" ? readMoment(document.at) : null;
    if (stack.facts.has(ASKS) && !stated.has(ASKS) && Object.hasOwn(stack.json.asks, form)) {
      stated.set(ASKS, readValue(stack, stack.facts.get(ASKS), stack.json.asks[form]));
    }
    const moments = Object.entries(stack.json.derived).map(([day, path]) => [day, stated.get(path)]);
    for (const [day, moment] of [...moments, [DECISION_DAY, at ?? undefined]]) {
      const follows = clock && moment !== undefined && stack.facts.has(day) && !stated.has(day);
      if (follows && isWritten(clock, moment)) stated.set(day, localDay(clock, moment));
    }
    const values = new Map([...stack.given, ...stated]);
    return {values, unread, kinds: new Map(), answers: stack.questions.map((question) => question.answer(values))};
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
    const request = readRequest(stack, document, clock), {values, answers, unread} = request;
    const actions = {};
    for (const action of actionsFor(stack, values)) actions[action] = explained(stack, action, request);
    const owed = stack.json.obligations.map((item) => owedOf(stack, item, values, answers, clock)).filter(Boolean);
    const asked = owed.filter((item) => item.asked_by_form);
    return {
      actions,
      obligations: owed.filter((item) => !item.asked_by_form).map(withoutOrigin),
      asked_by_form: [true, false].flatMap((form) => asked.filter((item) => item.of_form === form)).map(withoutOrigin),
      limits: limitsOf(stack, values, answers, clock),
      unread,
    };
  }

  /** The actions that are answered: those of the jail, and of the others those that are asked for. */
  function actionsFor(stack, values) {
    const asked = values.get(ASKS)?.members ?? new Set();
    return [...stack.json.actions, ...stack.json.asked_only.filter((action) => asked.has(action))];
  }

  function explained(stack, action, request) {
    const {answers} = request;
    const law = stack.json.outcomes[action];
    const bits = law ? openBits(stack.top(law.root), answers) : 1 << OUTCOMES.indexOf("unaddressed");
    const possible = outcomesOf(bits), outcome = possible.length === 1 ? possible[0] : "undetermined";
    if (!law) return {outcome, possible, determining: [], yielding: [], missing: [], decisive: [], decider: ""};
    const determining = determiningOf(stack, law, possible, answers);
    return {
      outcome, possible, determining,
      yielding: yieldingOf(stack, law, answers),
      missing: possible.length > 1 ? missingFacts(stack, law, request) : [],
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
  function missingFacts(stack, law, request) {
    const {values, answers} = request;
    const top = stack.top(law.root), now = countOf(openBits(top, answers));
    const open = [...questionsIn(new Nodes().restricted(top, answers))].sort(ascending);
    const facts = [...new Set(open.flatMap((question) => stack.questions[question].facts))];
    const found = [];
    const add = (fact, alike, left) => {
      const removed = [...left].map((bits) => now - countOf(bits));
      if (!removed.length) return;
      const average = roundHundredths(removed.reduce((sum, each) => sum + each, 0) / removed.length);
      const question = stack.facts.get(fact.replace(/\[\d+\]/, "[]")).question;
      found.push({fact, question, removes_at_least: Math.min(...removed), removes_on_average: average, alike});
    };
    for (const fact of facts) {
      const value = values.get(fact), reading = open.filter((question) => stack.questions[question].facts.includes(fact));
      if (value !== undefined && value.items) missingInRecords(stack, fact, reading, request, top, add);
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
  function roundHundredths(number) {
    const eighths = number * 8;
    if (!Number.isInteger(eighths) || eighths % 2 === 0) return Number(number.toFixed(2));
    const below = Math.floor(number * 100);
    return (below % 2 === 0 ? below : below + 1) / 100;
  }

  /** The unknown fields of the records of a list, each with what every value leaves open; equal records once. */
  function missingInRecords(stack, list, reading, request, top, add) {
    const {values, answers, kinds} = request;
    if (!kinds.has(list)) kinds.set(list, kindsOfRecords(stack, list, values));
    const questions = reading.map((question) => ({question, ...stack.questions[question]}));
    const says = kinds.get(list).map(({record}) => questions.map((question) => question.says(values, record)));
    const counts = questions.map(() => ({sure: 0, maybe: 0}));
    kinds.get(list).forEach(({alike}, kind) => counts.forEach((count, at) => addRecord(count, says[kind][at], alike)));
    const comparisons = [...new Set(questions.flatMap(({atoms}) => atoms))];
    kinds.get(list).forEach(({record, index, alike}, kind) => {
      const before = says[kind];
      const read = new Set(questions.flatMap((question, at) => (before[at] === null ? [...question.fields] : [])));
      for (const [name, field] of stack.fieldsOf.get(list)) {
        if (!read.has(name) || !isOpen(record.get(name))) continue;
        const left = new Set(), changed = new Map(record);
        for (const value of valuesToTry(questions, comparisons, values, changed, name, field)) {
          changed.set(name, value);
          const fresh = answers.slice();
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
    });
  }

  /** Records of which every comparison says the same and the same fields are open, as one: the first, and how many. */
  function kindsOfRecords(stack, list, values) {
    const comparisons = [...stack.comparisons.get(list).values()];
    const read = new Set(comparisons.flatMap(({fields}) => [...fields]));
    const names = [...stack.fieldsOf.get(list).keys()].filter((name) => read.has(name));
    const crossed = comparisons.filter(({fields}) => fields.size > 1).map(({fields}) => [...fields]);
    const kinds = new Map();
    values.get(list).items.forEach((record, index) => {
      const opens = names.filter((name) => isOpen(record.get(name)));
      const compared = new Set(crossed.filter((fields) => fields.some((name) => opens.includes(name))).flat());
      const beside = names.filter((name) => compared.has(name) && !opens.includes(name));
      const known = beside.map((name) => [...(record.get(name).members ?? [record.get(name)])].sort());
      const key = JSON.stringify([comparisons.map(({says}) => says(values, record)), opens, known]);
      if (kinds.has(key)) kinds.get(key).alike += 1; else kinds.set(key, {record, index, alike: 1});
    });
    return [...kinds.values()];
  }

  const isOpen = (value) => value === undefined || value.whole === false;

  /** Values of a field of a record that cover every combination of truths that some value gives. */
  function valuesToTry(questions, comparisons, values, record, name, field) {
    if (field.kind === "truth") return [true, false];
    if (field.kind === "number") return turnsOf(comparisons, values, record, name, field.minimum, GREATEST);
    if (field.kind === "day") return turnsOf(comparisons, values, record, name, 1, LAST_DAY);
    if (!["choice", "set"].includes(field.kind)) return [];
    const named = field.members.filter((member) => questions.some(({texts}) => texts.has(member)));
    if (field.kind === "choice") return [...named, ...field.members.filter((member) => !named.includes(member)).slice(0, 1)];
    return [[], ...named.map((member) => [member]), named].map((some) => ({members: new Set(some), whole: true}));
  }

  /** The least value of an ordered field, and each at which a comparison of it changes. */
  function turnsOf(comparisons, values, record, name, least, most) {
    const found = new Set([least]), changed = new Map(record);
    for (const {sign, fields, says} of comparisons) {
      if (!fields.has(name) || !["<", "=="].includes(sign)) continue;
      const at = (number) => says(values, changed.set(name, number));
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

  // ---- obligations and limits on a hold ----

  function owedOf(stack, item, values, answers, clock) {
    const {some, always} = status(stack, item.when, answers);
    if (!some) return null;
    const start = values.get(stack.json.runs_from[item.after]);
    const end = clock && start !== undefined ? deadlineOf(clock, item.within, start) : null;
    const {when, within, ...owed} = item;
    return {...owed, condition: always ? "" : item.condition, deadline: end ?? ""};
  }

  function withoutOrigin({asked_by_form, of_form, ...owed}) { return owed; }

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
      const start = startOf(stack.json.starts, limit, values);
      return some ? [{limit, maybe: !always, start, ending: clock && countHold(clock, limit, start)}] : [];
    });
  }

  /** All readings of how long a hold may last, with each step, in the order of their ends: first those that rule. */
  function readings(stack, document, clock) {
    const {values, answers} = readRequest(stack, document, clock);
    const found = applicable(stack, values, answers, clock);
    const rules = rulingEnd(found.filter(({ending}) => ending).map((each) => ({...each, until: each.ending.until})));
    const eligible = values.get(stack.json.starts.release_eligible[0]);
    const order = ({ending}) => (!ending ? Infinity : ending.until === rules ? -Infinity : ending.until);
    const inOrder = found.map((each, place) => ({...each, place})).sort((one, other) =>
      order(one) === order(other) ? one.place - other.place : order(one) < order(other) ? -1 : 1);
    return inOrder.map(({limit, maybe, start, ending}) => ({
      provision: limit.provision, words: limit.words, hours: limit.hours || null, condition: maybe ? limit.condition : "",
      starts_at: start?.moment !== undefined && isWritten(clock, start.moment) ? showMoment(clock, start.moment) : "",
      ...(ending ? showEnding(clock, ending) : {until: "", steps: []}),
      elapsed: ending && start.moment !== undefined ? formatSpan(ending.until - start.moment) : "",
      rules: ending !== null && ending.until === rules,
      note: noteOf(start, ending, eligible),
    }));
  }

  function noteOf(start, ending, eligible) {
    if (start && !ending) return "it is not counted here, because it lies beyond the days that this page knows";
    return ending && eligible !== undefined && ending.until < eligible
      ? "it runs out before the person is due for release, so it leaves no time for a hold" : "";
  }

  return {openStack, openClock, decide, readings, readRequest, status, roundHundredths};
})();

if (typeof module !== "undefined") module.exports = comity;
