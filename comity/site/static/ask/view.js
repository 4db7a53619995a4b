/** Shows a card as elements: the answers, what to find out, until when, what to do, the risks, the reasons. */
const comityView = (() => {
  "use strict";

  const {h, say, lawText} = comityDom;
  const RISKS_SHOWN = 3, DUTIES_SHOWN = 4;

  /** The card; `said` are the known facts in words, for paper. `ask` is called with a fact that a reader
   * chooses to answer. `lawLink` begins links to pages of law; empty for none. */
  function cardView(card, {title, said, ask, lawLink}) {
    return [
      h("header", {}, h("h2", {id: "card-title", tabindex: "-1"}, title.place), h("p", {class: "when"}, title.day, title.paper && h("br"), title.paper)),
      h("p", {class: `quiet${card.beyond ? " open" : ""}`}, card.research, card.beyond && ` ${say("later_not_known")}`),
      card.checks.map((text) => h("p", {class: "check"}, h("strong", {}, say("check_the_request")), ` ${text}`)),
      said.length > 0 && h("p", {class: "on-paper quiet"}, h("strong", {}, say("as_said")), ` ${said.join(" · ")}`),
      answersView(card),
      questionsView(card, ask),
      untilView(card),
      dutiesView(card),
      card.asked.length > 0 && part("asked_not_owed", lawText("p", {}, card.asked.join(" "))),
      risksView(card),
      h("p", {class: "quiet sources"}, card.sources.length > 0 && `${say("sources")} `, linkedSources(card, lawLink), ` ${say("law_version", {version: card.version})}`),
      h("p", {class: "quiet"}, say("no_advice")),
    ];
  }

  const part = (name, ...children) => h("section", {class: `part part-${name}`}, h("h3", {}, say(name)), ...children);

  function chip({outcome, command, notResearched}) {
    return h("span", {class: `answer answer-${notResearched ? "unresearched" : outcome}`}, command);
  }

  function answersView(card) {
    return h("ul", {class: "answers", "aria-label": say("the_answers")}, card.answers.map((row) =>
      h("li", {}, chip(row), h("div", {}, h("strong", {}, comityCard.capitalized(row.words)), row.beside && lawText("span", {class: "beside"}, row.beside)))));
  }

  function linkedSources({sources}, lawLink) {
    return sources.flatMap((source, at) => [at > 0 && "; ", lawCite(source, source.text, lawLink)]).concat(sources.length ? "." : []);
  }

  /** A citation: where the site has a page of its instrument, a link to that, and one to the text; else a link to the text. */
  function lawCite({name, address}, text, lawLink) {
    const toText = {rel: "external", href: address};
    if (!lawLink) return address ? lawText("a", toText, text) : lawText("span", {}, text);
    return [lawText("a", {href: `${lawLink}${name.split("#")[0]}/index.html`}, text),
      address && h("a", {...toText, class: "to-text", "aria-label": say("text_of_law")}, "↗")];
  }

  function questionsView({questions}, ask) {
    if (!questions.length) return null;
    return part("find_out_first", h("ol", {}, questions.map(({fact, question, settles, listed}) =>
      h("li", {}, h("button", {type: "button", class: "link", onclick: () => ask(fact)}, question),
        h("span", {class: "quiet"}, ` (${settles.join(", ")}${listed ? `; ${listed}` : ""})`)))));
  }

  function untilView({until}) {
    if (!until) return null;
    if (!until.moment) return part("until_when", h("p", {}, until.readings.map((text, at) => [at > 0 && say("or_reading"), lawText("span", {}, text)]), "."));
    return part("until_when",
      h("p", {class: "deadline"}, h("strong", {}, say("at_the_latest", {moment: until.moment})), ` (${until.cite}).`, until.chosen && ` ${say("counsel_has_chosen")}`),
      until.readings.length > 0 && h("p", {class: "quiet"}, say("read_otherwise", {readings: until.readings.join("; ")})));
  }

  function dutiesView({doNow, noDeadline}) {
    const line = ({duty, due, source, perhaps}) => lawText("li", {}, duty, due && h("strong", {}, ` ${due}`), h("span", {class: "quiet"}, ` (${source})${perhaps}`));
    const apart = noDeadline.length > 0 && folded(say("no_deadline", {count: noDeadline.length}), h("ul", {}, noDeadline.map(line)));
    if (!doNow.length) return apart ? part("do_now", h("p", {}, say("nothing_timed")), apart) : null;
    const [first, rest] = [doNow.slice(0, DUTIES_SHOWN), doNow.slice(DUTIES_SHOWN)];
    return part("do_now", h("ul", {}, first.map(line)),
      rest.length > 0 && folded(say("and_more", {count: rest.length}), h("ul", {}, rest.map(line))), apart);
  }

  const folded = (summary, ...children) => h("details", {}, h("summary", {}, summary), ...children);

  function risksView({risks}) {
    const line = ({text, cites, force, maybe}) => lawText("li", {}, text, h("span", {class: "quiet"},
      ` (${cites.join(", ")}${force ? `; ${say(`force_${force}`)}` : ""}${maybe ? `; ${say("if_it_applies")}` : ""})`));
    const counting = risks.filter(({whyNot}) => !whyNot);
    const [first, rest] = [counting.slice(0, RISKS_SHOWN), counting.slice(RISKS_SHOWN)];
    const apart = ["doing", "declining", "others", "money", "history"].map((why) => [why, risks.filter(({whyNot}) => whyNot === why)]);
    if (!risks.length) return null;
    return part("risks", h("ol", {}, first.map(line)),
      rest.length > 0 && folded(say("and_more", {count: rest.length}), h("ol", {start: RISKS_SHOWN + 1}, rest.map(line))),
      apart.filter(([, some]) => some.length).map(([why, some]) => folded(say(`risks_${why}`, {count: some.length}), h("ul", {}, some.map(line)))));
  }

  /** Why each answer is as it is. `describe` says a fact and its value in words. */
  function whyView(card, {describe, lawLink}) {
    return card.why.map(({words, command, outcome, grounds, decisive, missing, yields}) => folded(
      [h("span", {class: "why-action"}, words), ": ", command],
      grounds.length === 0 && yields.length === 0 && h("p", {}, say("no_rule_here")),
      grounds.length > 0 && h("p", {class: "kicker"}, say(outcome === "undetermined" ? "may_rest_on" : "rests_on")),
      h("ul", {}, grounds.map((ground) => h("li", {}, lawCite(ground, ground.cite, lawLink),
        h("span", {class: "quiet"}, ` ${ground.mark}`), ground.plain && h("br"), ground.plain && lawText("span", {}, ground.plain)))),
      decisive.length > 0 && [h("p", {class: "kicker"}, say("turns_on")), h("ul", {}, decisive.map((fact) => h("li", {}, describe(fact))))],
      missing.length > 0 && [h("p", {class: "kicker"}, say("still_open")), h("ol", {}, missing.map(({question}) => h("li", {}, question)))],
      yields.length > 0 && [h("p", {class: "kicker"}, say("does_not_decide")), h("ul", {}, yields.map(({cite, to, reason, maybe}) =>
        lawText("li", {}, `${cite}: ${reason} ${to}`, maybe && h("span", {class: "quiet"}, ` (${say("if_it_applies")})`))))]));
  }

  /** Every reading of how long a hold may last, with each step of its count. */
  function readingsView({readings, decision}) {
    if (!readings.length) return h("p", {}, say("no_limit"));
    const forbidden = decision.actions.hold?.outcome === "forbidden" && h("p", {}, h("strong", {}, say("hold_forbidden")));
    return [forbidden, ...readings.map(({words, cite, condition, until, steps, rules, note}) => h("section", {class: "reading"},
      h("h3", {}, lawText("span", {}, words), " ", h("span", {class: "quiet"}, `(${cite})`), rules && h("span", {class: "governs"}, say("governs"))),
      condition && lawText("p", {class: "quiet"}, say("if_condition", {condition})),
      until ? h("p", {}, say("ends", {moment: comityCard.local(until)})) : h("p", {}, note || say("start_not_known")),
      until && note && h("p", {class: "quiet"}, note),
      steps.length > 0 && h("ol", {class: "steps"}, steps.map(({at, words: step, counted}) => h("li", {class: counted ? "" : "not-counted"}, h("span", {class: "at"}, comityCard.local(at)), ": ", lawText("span", {}, step))))))];
  }

  /** The answers in a few words, for the strip that stays in view and for readers of screens. */
  function summaryView(card) {
    return card.answers.map((row) => h("li", {}, chip(row), " ", h("span", {}, row.words)));
  }

  return {cardView, whyView, readingsView, summaryView};
})();
