/**
 * The check of an answer: Python decides the same request in a worker, and the page says whether both say the same.
 */
(() => {
  "use strict";

  const {h} = comityDom;
  const panel = document.getElementById("reference");
  const words = panel && JSON.parse(panel.dataset.words);
  const button = document.getElementById("reference-check"), result = document.getElementById("reference-result");
  let shown = null; // the request on the page, and the page's answers to it

  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => comityDom.clean(values[key]));

  /** What the two engines must agree on about one action; the facts that are missing in their order. */
  const essence = ({outcome, possible, determining, missing}) =>
    JSON.stringify([outcome, possible, determining, missing.map(({fact, question}) => [fact, question])]);

  const limitsOf = ({limits}) => JSON.stringify(limits.map(({provision, until, rules}) => [provision, until ? Date.parse(until) : "", Boolean(rules)]));

  /** Each action that the engines answer differently, in words; a limit on a hold counts too. */
  function differences(here, there) {
    const nothing = {outcome: "unaddressed", possible: ["unaddressed"], determining: [], missing: []};
    const actions = [...new Set([...Object.keys(here.actions), ...Object.keys(there.actions)])];
    const found = actions.flatMap((action) => {
      const [one, other] = [here.actions[action] ?? nothing, there.actions[action] ?? nothing];
      return essence(one) === essence(other) ? [] : [say("differs", {action: comityCard.shortAction(action), here: describe(one), there: describe(other)})];
    });
    return limitsOf(here) === limitsOf(there) ? found : [...found, say("limits_differ")];
  }

  const describe = ({possible, determining}) => `${possible.map((outcome) => comityDom.say(`command_${outcome}`)).join("/")} (${determining.join(", ") || "-"})`;

  async function check() {
    const asked = shown;
    button.disabled = true;
    result.textContent = say("deciding");
    try {
      const {result: decision, findings} = await comityReference.ask(words.worker, "decide", {request: asked.request});
      if (asked !== shown) return; // the answers changed meanwhile, and were cleared of this check
      if (findings) show(say("refused", {reason: findings.join(" ")}), []);
      else {
        const found = differences(asked.decision, decision);
        show(say(found.length ? "different" : "same", {version: decision.law_version}), found);
        result.dataset.result = found.length ? "different" : "same";
      }
    } catch ({message}) {
      show(say("failed", {reason: message}), []);
    } finally {
      button.disabled = false;
    }
  }

  function show(text, lines) {
    result.replaceChildren(h("p", {}, h("strong", {}, text)), lines.length ? h("ul", {}, lines.map((line) => h("li", {}, line))) : "");
  }

  // Before the page decides for the first time, so that no answer is missed.
  document.addEventListener("comity-decided", ({detail}) => {
    shown = detail;
    if (result) {
      result.replaceChildren();
      delete result.dataset.result;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!panel || !comityReference.isPossible()) return;
    panel.hidden = false;
    comityReference.onStage((stage) => { if (stage !== "ready") result.textContent = say(`stage_${stage}`); });
    button.addEventListener("click", check);
  });
})();
