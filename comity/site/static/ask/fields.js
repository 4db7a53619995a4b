/**
 * The controls of a form, one for each kind of fact. Each is a fieldset that begins with "not known", and calls `change` with
 * the value as the JSON of a request has it, or with undefined where it is not known.
 */
const comityFields = (() => {
  "use strict";

  const {h, say} = comityDom;
  const RADIOS_MAX = 12; // with more choices, a list to choose from
  const NUMBER_MAX = 1e6;
  let count = 0;

  /** The control of a fact, with its question as the legend. `clock` is that of the place, for local times; a compact
   * control takes little room, as those of a record do. */
  function fieldOf(fact, value, change, clock, isCompact = false) {
    const id = `field-${count += 1}`;
    const body = CONTROLS[fact.kind](fact, value, change, {id, clock, isCompact});
    const hint = fact.form ? h("p", {class: "hint", id: `${id}-hint`}, say("on_the_form", {where: fact.form})) : null;
    return h("fieldset", {class: `field field-${fact.kind}`, "data-fact": fact.path, "aria-describedby": fact.form ? `${id}-hint` : false},
      h("legend", {tabindex: "-1"}, fact.question), hint, body);
  }

  const CONTROLS = {
    truth: (fact, value, change, context) => radios([["yes", say("yes")], ["no", say("no")]],
      value === undefined ? "" : value ? "yes" : "no", (chosen) => change(chosen === "" ? undefined : chosen === "yes"), context),
    choice: (fact, value, change, context) => (context.isCompact || fact.members.length > RADIOS_MAX ? chooser : radios)(fact.members, value ?? "",
      (chosen) => change(chosen || undefined), context, fact),
    number: numberField, day: dayField, moment: momentField, set: setField, records: recordsField,
    text: (fact, value, change, {id}) => h("input", {id, type: "text", maxlength: "200", value: value ?? "", "aria-label": fact.question,
      oninput: ({target}) => change(target.value.trim() || undefined)}),
  };

  function option(kind, name, value, words, checked, listener) {
    const id = `${name}-${value || "unknown"}`;
    return h("div", {class: `option${value === "" && kind === "radio" ? " unknown" : ""}`}, h("input", {type: kind, name, id, value, checked, onchange: listener}), h("label", {for: id}, words));
  }

  function radios(choices, chosen, change, {id}) {
    const listener = ({target}) => change(target.value);
    return h("div", {class: "options"},
      choices.map(([value, words]) => option("radio", id, value, comityCard.capitalized(words), value === chosen, listener)),
      option("radio", id, "", say("not_known"), chosen === "", listener));
  }

  function chooser(choices, chosen, change, {id}, fact) {
    const sorted = [...choices].sort(([, one], [, other]) => (one < other ? -1 : 1));
    return h("select", {id, "aria-label": fact.question, onchange: ({target}) => change(target.value)},
      h("option", {value: ""}, say("not_known")),
      sorted.map(([value, words]) => h("option", {value, selected: value === chosen}, words)));
  }

  function numberField(fact, value, change, {id}) {
    const fault = faultLine(id);
    const read = ({target}) => {
      const text = target.value.trim(), number = Number(text);
      const good = text === "" || (Number.isInteger(number) && number >= fact.minimum && number <= NUMBER_MAX);
      show(fault, target, good ? "" : say("number_fault", {least: fact.minimum}));
      change(text !== "" && good ? number : undefined);
    };
    return h("div", {}, h("input", {id, type: "text", inputmode: "numeric", size: "6", value: value ?? "", oninput: read,
      "aria-label": fact.question, "aria-describedby": `${id}-fault`}), " ", h("span", {}, fact.unit ?? ""), fault);
  }

  const faultLine = (id) => h("p", {class: "fault", id: `${id}-fault`, role: "alert"});

  function show(fault, control, text) {
    fault.textContent = text;
    control.toggleAttribute("aria-invalid", Boolean(text));
  }

  function dayField(fact, value, change, {id}) {
    return h("input", {id, type: "date", value: value ?? "", "aria-label": fact.question, min: "1900-01-01", max: "2199-12-31",
      oninput: ({target}) => change(target.value || undefined)});
  }

  /** A day and, where it is known, the local time: a day alone is the fact of the day. A time that came twice is asked about. */
  function momentField(fact, value, change, {id, clock}) {
    const fault = faultLine(id), which = h("div", {class: "options"});
    const [day, time] = value === undefined ? ["", ""] : [value.slice(0, 10), value.slice(11, 16)];
    const dayInput = h("input", {id, type: "date", value: day, min: "1900-01-01", max: "2199-12-31", oninput: read});
    const timeInput = h("input", {id: `${id}-time`, type: "time", value: time, oninput: read, "aria-describedby": `${id}-fault`});
    function read() {
      which.replaceChildren();
      const moments = dayInput.value && timeInput.value ? comityFacts.momentsAt(clock, dayInput.value, timeInput.value) : [];
      const never = Boolean(dayInput.value && timeInput.value) && !moments.length;
      show(fault, timeInput, never ? say("no_such_time") : "");
      if (!dayInput.value || never) change(undefined);
      else if (!timeInput.value) change(fact.dayPath ? dayInput.value : undefined);
      else change(moments[0]);
      if (moments.length < 2) return;
      const listener = ({target}) => change(target.value);
      which.append(h("p", {}, say("came_twice")), ...moments.map((moment, at) =>
        option("radio", `${id}-which`, moment, say(at ? "second_time" : "first_time"), at === 0, listener)));
    }
    return h("div", {}, h("div", {class: "pair"},
      h("div", {}, h("label", {for: id}, say("day")), dayInput),
      h("div", {}, h("label", {for: `${id}-time`}, say("time")), timeInput)), fault, which);
  }

  /** A set: which members, and whether these are all. What is ticked first is taken as perhaps not all. */
  function setField(fact, value, change, {id}) {
    const chosen = new Set(value === undefined ? [] : Array.isArray(value) ? value : value.partial);
    let known = value === undefined ? "" : Array.isArray(value) ? "whole" : "partial";
    const tell = () => change(known === "" ? undefined : known === "whole" ? [...chosen].sort() : {partial: [...chosen].sort()});
    const tick = ({target}) => {
      if (target.checked) chosen.add(target.value); else chosen.delete(target.value);
      if (known === "" && chosen.size) settle("partial");
      tell();
    };
    const extent = [["partial", say("and_maybe_more")], ["whole", say("exactly_these")], ["", say("not_known")]].map(([value_, words]) =>
      option("radio", `${id}-known`, value_, words, value_ === known, ({target}) => { settle(target.value); tell(); }));
    function settle(now) {
      known = now;
      for (const input of box.querySelectorAll(`[name="${id}-known"]`)) input.checked = input.value === known;
      if (known) return;
      chosen.clear();
      for (const input of box.querySelectorAll(`[name="${id}"]`)) input.checked = false;
    }
    const box = h("div", {},
      h("div", {class: `options${fact.members.length > RADIOS_MAX ? " many" : ""}`},
        fact.members.map(([member, words]) => option("checkbox", id, member, comityCard.capitalized(words), chosen.has(member), tick))),
      h("div", {class: "options extent", role: "radiogroup", "aria-label": say("how_much_known")}, extent));
    return box;
  }

  /** A list of records, each with the fields that matter; records are added and removed. `open` marks fields that matter. */
  function recordsField(fact, value, change, {id, clock}) {
    let known = value === undefined ? "" : Array.isArray(value) ? (value.length ? "whole" : "none") : "partial";
    let records = value === undefined ? [] : (Array.isArray(value) ? value : value.partial).map((record) => ({...record}));
    const cards = h("div", {class: "records"});
    const add = h("button", {type: "button", class: "plain", onclick: () => { records.push({}); redraw(); tell(); focusLast(); }});
    const more = option("checkbox", `${id}-more`, "more", say("maybe_more_records"), known === "partial", ({target}) => {
      known = target.checked ? "partial" : "whole";
      tell();
    });
    const inside = h("div", {class: "inside"}, cards, add, more);
    const tell = () => {
      const whole = known === "whole" || known === "none";
      change(known === "" ? undefined : whole ? records : {partial: records});
    };
    const choose = ({target}) => {
      known = target.value === "some" ? "partial" : target.value;
      if (known !== "partial") records = [];
      else if (!records.length) records.push({});
      redraw();
      tell();
    };
    function redraw() {
      inside.hidden = !["partial", "whole"].includes(known);
      more.querySelector("input").checked = known === "partial";
      add.textContent = say("add_another", {item: fact.item});
      cards.replaceChildren(...records.map(recordCard));
    }
    function recordCard(record, at) {
      const fields = fact.fields.map((field) => {
        const update = (now) => {
          if (now === undefined) delete record[field.name]; else record[field.name] = now;
          element.dataset.used = ""; // a field that was used stays in view
          tell();
        };
        const element = fieldOf({...field, path: field.name}, record[field.name], update, clock, true);
        if (field.name in record) element.dataset.used = "";
        element.hidden = field.name !== fact.first && !(field.name in record) && !fact.open?.has(field.name);
        return element;
      });
      const name = `${comityCard.capitalized(fact.item)} ${at + 1}`;
      return h("section", {class: "record", "aria-label": name}, h("div", {class: "record-head"}, h("h3", {}, name),
        h("button", {type: "button", class: "small plain", "aria-label": say("remove_named", {item: name}), onclick: () => remove(at)}, say("remove"))), fields);
    }
    function remove(at) {
      records.splice(at, 1);
      if (!records.length && known === "whole") known = "none";
      redraw();
      tell();
      add.focus();
    }
    const focusLast = () => cards.lastElementChild?.querySelector("input, select")?.focus();
    const first = known === "none" ? "none" : known ? "some" : "";
    const box = h("div", {}, h("div", {class: "options"},
      option("radio", id, "none", say("none"), first === "none", choose),
      option("radio", id, "some", say("some_records", {item: fact.item}), first === "some", choose),
      option("radio", id, "", say("not_known"), first === "", choose)), inside);
    redraw();
    return box;
  }

  /** Shows of the records of a list the fields that matter now. */
  function showOpen(fieldset, fact, open) {
    fact.open = open;
    for (const record of fieldset.querySelectorAll(".record")) {
      for (const element of record.querySelectorAll(":scope > fieldset")) {
        const name = element.dataset.fact;
        if (open.has(name) || name === fact.first) element.hidden = false;
        else if (!element.contains(document.activeElement) && element.dataset.used === undefined) element.hidden = true;
      }
    }
  }

  return {fieldOf, showOpen};
})();
