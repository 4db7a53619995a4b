/**
 * The law of a place as the page has it: what its data scripts hand over, put together to stacks for the engine.
 *
 * A data script pushes a pair, of a kind and a value, to `comityData`. `comity/site/ask/pooled.py` writes the law, with
 * what stacks share in one pool. A stack is put together and opened when its day is first asked about.
 */
const comityLaw = (() => {
  "use strict";

  const pool = [], documents = new Map(), stacks = new Map(), waiting = [];
  const known = {vocabulary: {}, place: "", members: {}, clocks: [], forms: {}, spans: []};
  const parts = new Set(); // of the pool, by where each begins

  function take([kind, value]) {
    if (kind === "vocabulary") {
      known.vocabulary = value;
      return;
    }
    if (parts.has(value.from)) return;
    parts.add(value.from);
    value.pool.forEach((entry, place) => { pool[value.from + place] = entry; });
    for (const [number, document] of Object.entries(value.documents)) documents.set(Number(number), document);
    for (const [since, until, day, kinds, document] of value.spans) known.spans.push({since, until, day, kinds, document});
    known.spans.sort((one, other) => (one.since < other.since ? -1 : one.since > other.since ? 1 : 0));
    if (value.place) {
      const {place, members, forms} = value;
      Object.assign(known, {place, members, forms, clocks: value.clocks.map((clock) => comity.openClock(clock))});
    }
    for (const done of waiting.splice(0)) done();
  }

  /** Takes what scripts have handed over already, and from then on each value as it comes. */
  function begin() {
    const arrived = globalThis.comityData ?? [];
    globalThis.comityData = {push: take};
    for (const pair of arrived) take(pair);
    return known;
  }

  /** The span of a day for a kind of agency, empty where none is given; undefined where its law is not loaded. */
  const spanAt = (day, kind) =>
    known.spans.find((span) => span.since <= day && day < span.until && span.kinds.includes(kind));

  /** Whether all law of the place is here, or only that of the day of the site. */
  const isWhole = () => parts.size > 1;

  /** A document as `document_of` wrote it. */
  function documentOf(number) {
    const pooled = documents.get(number);
    const conditional = ([entry, when]) => ({...pool[entry], when});
    const {vocabulary} = known;
    return {
      ...pool[pooled.rest], day: pooled.day, given: pooled.given, outcomes: pooled.outcomes, nodes: pooled.nodes,
      facts: pooled.facts.map((fact) => (typeof fact === "string" ? factOf(fact, vocabulary[fact]) : fact)),
      questions: pooled.questions.map((entry) => pool[entry]),
      effects: pooled.effects.map(([entry, stands, yields]) =>
        (yields === undefined ? pool[entry] : {...pool[entry], stands, yields})),
      obligations: pooled.obligations.map(conditional),
      limits: pooled.limits.map(conditional),
      cites: Object.fromEntries(pooled.cites.map((entry) => pool[entry])),
      warnings: Object.fromEntries(Object.entries(pooled.warnings).map(([action, some]) => [action, some.map(conditional)])),
    };
  }

  function factOf(path, {kind, question, members, minimum}) {
    return {path, kind, question, ...(members ? {members: Object.keys(members)} : {}),
      ...(minimum === undefined ? {} : {minimum})};
  }

  /** The stack of a span, ready to answer. */
  function stackOf(span) {
    if (!stacks.has(span.document)) stacks.set(span.document, comity.openStack(documentOf(span.document)));
    return stacks.get(span.document);
  }

  /** Loads the law of other days, from a script beside the page; calls `done` when it is there. */
  function loadEarlier(address, done, failed) {
    if (isWhole()) {
      done();
      return;
    }
    waiting.push(done);
    if (waiting.length > 1) return;
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("error", () => { waiting.length = 0; failed(); });
    document.head.append(script);
  }

  /** Unpacks data that were packed into a file of one place; `DecompressionStream` is in every browser since 2023. */
  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    for (const pair of JSON.parse(await new Response(stream).text())) take(pair);
  }

  return {begin, spanAt, isWhole, documentOf, stackOf, loadEarlier, unpack, known};
})();
