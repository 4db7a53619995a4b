/**
 * The drafting room: a place and a day, an editor, and what Python in a worker says of the draft. Nothing is stored.
 *
 * All texts of a draft and of the law are set as text, never as HTML.
 */
(() => {
  "use strict";

  const page = (id) => document.getElementById(id);
  const form = page("room"), words = form && JSON.parse(form.dataset.words);
  const state = {place: null, changed: false, result: null};
  const NEW = "", INDENT_MAX = 2;

  const clean = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "\ufffd");
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => clean(values[key]));

  /** An element with attributes, and children that are elements or texts; what is empty is left out. */
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value); else if (value || name === "value") element.setAttribute(name, value);
    }
    for (const child of children.flat()) if (child) element.append(typeof child === "object" ? child : clean(child));
    return element;
  }

  function status(text, isFault = false) {
    page("room-status").textContent = text;
    page("room-status").classList.toggle("is-fault", isFault);
  }

  /** Asks Python, and says on the page what went wrong; undefined where nothing came back. */
  async function ask(task, given) {
    try {
      const {result, findings} = await comityReference.ask(words.worker, task, given);
      if (findings) status(findings.join(" "), true);
      return result;
    } catch ({message}) {
      status(say(state.place ? "fault" : "cannot_start", {reason: message}), true);
      return undefined;
    }
  }

  // ---- place, and what to begin with ----

  async function choose(path) {
    page("room-here").textContent = "";
    const found = await ask("open", {place: path});
    if (!found) return;
    state.place = found;
    const count = found.instruments.length;
    page("room-here").textContent = say(count === 0 ? "place_is_none" : count === 1 ? "place_is_one" : "place_is", {name: found.name, count});
    page("begin-with").replaceChildren(h("option", {value: NEW}, say("new")), ...found.instruments.map(({id, title}) => h("option", {value: id}, title)));
    const isNew = !page("new-kind").value;
    fill("new-kind", found.kinds.map((kind) => [kind, kind.replaceAll("_", " ")]));
    if (isNew) page("new-kind").value = "ordinance";
    fill("new-effect", found.effects.map((effect) => [effect, words.effects[effect]]));
    fill("new-action", found.actions.map((action) => [action, words.short_actions[action]]));
    page("begin").hidden = false;
    showNew();
    status("");
  }

  function fill(id, options) {
    const before = page(id).value;
    page(id).replaceChildren(...options.map(([value, text]) => h("option", {value}, text)));
    if (options.some(([value]) => value === before)) page(id).value = before;
  }

  const showNew = () => { page("begin-new").hidden = page("begin-with").value !== NEW; };

  async function take() {
    const id = page("begin-with").value, value = (name) => page(`new-${name}`).value;
    const given = {place: state.place.place, title: value("title"), kind: value("kind"), effect: value("effect"), action: value("action"), day: page("room-day").value};
    const found = await ask(...(id === NEW ? ["outline", given] : ["text", {id}]));
    if (found) edit(found.name, found.text);
  }

  /** Puts a text in the editor, where nothing of a reader's own is lost. */
  function edit(name, text) {
    if (state.changed && !window.confirm(say("unsaved"))) return;
    page("draft-name").value = name;
    page("draft").value = text;
    state.changed = false;
    status("");
    page("draft").focus();
    page("draft").setSelectionRange(0, 0);
    page("draft").scrollTop = 0;
  }

  // ---- the check ----

  async function check(event) {
    event.preventDefault();
    if (!state.place) return status(say("no_place"), true);
    if (!page("draft").value.trim()) return status(say("no_text"), true);
    status(say("checking"));
    page("check").disabled = true;
    const found = await ask("check", {place: state.place.place, name: page("draft-name").value, text: page("draft").value, day: page("room-day").value});
    page("check").disabled = false;
    if (!found) return;
    status("");
    state.result = {...found, day: page("room-day").value, name: state.place.name};
    show();
    page("result-title").focus();
    page("result").scrollIntoView({block: "start"});
  }

  function show() {
    const {result} = state;
    page("result").hidden = false;
    page("result").dataset.version = result.version;
    const counted = (count, one, many) => count && say(count === 1 ? one : many, {count});
    const counts = [counted(result.errors, "error", "errors"), counted(result.warnings, "warning", "warnings")].filter(Boolean);
    page("result-summary").textContent = [result.errors ? "" : say("fits"), counts.length ? `${counts.join(", ")}.` : ""].filter(Boolean).join(" ");
    const notes = [result.replaces && say("replaces"), result.in_force === false && say("not_in_force", {day: result.day, effective: result.effective})].filter(Boolean);
    page("result-notes").hidden = !notes.length;
    page("result-notes").textContent = notes.join(" ");
    const ordered = [...result.findings].sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line);
    page("findings").replaceChildren(...ordered.map(findingView));
    showCases();
    page("effects").hidden = !result.answers;
    if (result.answers) showEffects();
  }

  function findingView({grave, message, help, file, line, column, excerpt}) {
    const where = file ? say("in_file", {file}) : line ? h("button", {type: "button", class: "link", onclick: () => goTo(line, column)}, say("line", {line})) : "";
    const start = Math.max(column - 1, 0), end = Math.max(excerpt.slice(start).search(/\s|$/), 1) + start;
    return h("li", {class: grave ? "is-error" : ""},
      h("p", {}, h("span", {class: "grade"}, say(grave ? "grade_error" : "grade_warning")), where && ", ", where, `: ${message}`),
      help && h("p", {class: "quiet"}, help),
      excerpt.trim() && h("pre", {tabindex: "0"}, excerpt.slice(0, start), h("mark", {}, excerpt.slice(start, end) || " "), excerpt.slice(end)));
  }

  /** Selects a line of the draft in the editor. */
  function goTo(line, column) {
    const box = page("draft"), lines = box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    box.focus();
    box.setSelectionRange(start + Math.max(column - 1, 0), start + (lines[line - 1] ?? "").length);
    box.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(box).lineHeight));
    box.scrollIntoView({block: "center"});
  }

  function showCases() {
    const {cases, ran} = state.result, count = cases.length, failing = cases.filter(({passes}) => !passes).length;
    const name = !count ? "no_cases" : !ran ? "cases_not_run" : failing ? "cases_fail" : count === 1 ? "case_passes" : "cases_pass";
    page("cases-summary").textContent = say(name, {count, failing});
    page("cases").hidden = !count || !ran;
    page("cases").open = failing > 0;
    page("cases-list").replaceChildren(...cases.map(({name: title, line, passes}) =>
      h("li", {}, h("button", {type: "button", class: "link", onclick: () => goTo(line, 1)}, title), ": ", h("span", {class: "case-mark"}, say(passes ? "passes" : "fails")))));
  }

  // ---- the answers and the law with the draft ----

  const isSilent = ({before, after}) => [before, after].every((outcome) => outcome === "unaddressed" || outcome === "unresearched");

  function showEffects() {
    const {answers, day, name} = state.result, only = page("changes-only").checked;
    const changed = answers.filter(({before, after}) => before !== after);
    page("changes-summary").textContent = say(changed.length === 0 ? "unchanged" : changed.length === 1 ? "changed_one" : "changed", {count: changed.length, all: answers.length});
    page("yields-title").hidden = !state.result.yields.length;
    page("yields").replaceChildren(...state.result.yields.map(({cite, to, reason}) => h("li", {}, say("yields", {cite, to, reason}))));
    const table = page("changes").querySelector("table");
    for (const body of [...table.tBodies]) body.remove();
    const shown = answers.filter((row) => (only ? row.before !== row.after : !isSilent(row)));
    page("changes").hidden = !shown.length;
    table.append(...grouped(shown).map(bodyOf));
    page("law-title").textContent = say("law_title", {place: name, day});
    page("law-page").replaceChildren(...state.result.page.slice(1).map(blockView));
  }

  /** Requests with the same rows are one group, so that the table says each thing once. */
  function grouped(rows) {
    const byRequest = Map.groupBy ? Map.groupBy(rows, ({request}) => request) : rows.reduce((map, row) => map.set(row.request, [...(map.get(row.request) ?? []), row]), new Map());
    const groups = new Map();
    for (const [request, some] of byRequest) {
      const key = some.map(({action, before, after}) => `${action} ${before} ${after}`).join(";");
      if (!groups.has(key)) groups.set(key, {requests: [], rows: some});
      groups.get(key).requests.push(request);
    }
    return [...groups.values()];
  }

  function bodyOf({requests, rows}) {
    const badge = (outcome) => h("td", {}, h("span", {class: `answer answer-${outcome}`}, words.outcomes[outcome]));
    return h("tbody", {}, h("tr", {}, h("th", {scope: "rowgroup", colspan: "4"}, requests.map((request) => words.requests[request]).join(" · "))),
      rows.map(({action, before, after}) => h("tr", {class: before === after ? "" : "differs"}, h("th", {scope: "row"}, words.actions[action]), badge(before), badge(after),
        h("td", {class: "compare-sign"}, before === after ? "= " : "≠ ", h("span", {}, say(before === after ? "same" : "differs"))))));
  }

  function blockView(block) {
    if (block.type === "heading") return h("h4", {}, block.text);
    if (block.type === "table") {
      const row = (cells, tag) => h("tr", {}, cells.map((cell) => h(tag, {}, cell)));
      return h("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": block.head.join(", ")},
        h("table", {}, h("thead", {}, row(block.head, "th")), h("tbody", {}, block.rows.map((cells) => row(cells, "td")))));
    }
    const mark = /^\d/.test(block.label) ? `${block.label} ` : block.label === "-" ? "• " : block.label ? `${block.label} ` : "";
    const strong = ["strong", "alarm", "open", "heading"].includes(block.style);
    const names = [block.style === "quiet" && "quiet", block.indent && `indent-${Math.min(block.indent, INDENT_MAX)}`, mark && "item"].filter(Boolean);
    return h("p", {class: names.join(" ")}, mark, strong ? h("strong", {}, block.text) : block.text);
  }

  // ---- files ----

  async function openFile({target}) {
    const [file] = target.files;
    if (!file) return;
    edit(file.name.replace(/\.md$/, ""), (await file.text()).replaceAll("\r\n", "\n"));
    target.value = "";
  }

  function save() {
    const name = `${page("draft-name").value.trim().replace(/\.md$/, "") || "draft"}.md`;
    const address = URL.createObjectURL(new Blob([page("draft").value], {type: "text/markdown"}));
    const link = h("a", {href: address, download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
    state.changed = false;
    status(say("saved", {name, path: `county-law/${state.place ? state.place.place : "us/STATE/PLACE"}/${name}`}));
  }

  function begin() {
    if (!comityReference.isPossible()) {
      page("from-folder").hidden = false;
      return;
    }
    form.hidden = false;
    comityReference.onStage((stage) => { page("room-here").textContent = say(`stage_${stage}`); });
    const box = comityFindBox.attach(page("room-place"), (place, _, found) => { found.textContent = ""; choose(place.path); });
    const wanted = new URLSearchParams(window.location.hash.slice(1)).get("place");
    if (wanted) box.placeOf(wanted, (place, name) => { page("room-place").value = name; choose(place.path); });
    form.addEventListener("submit", check);
    page("begin-with").addEventListener("change", showNew);
    page("take").addEventListener("click", take);
    page("open-file").addEventListener("click", () => page("file").click());
    page("file").addEventListener("change", openFile);
    page("save").addEventListener("click", save);
    page("draft").addEventListener("input", () => { state.changed = true; });
    page("changes-only").addEventListener("change", showEffects);
    window.addEventListener("beforeunload", (event) => { if (state.changed) event.preventDefault(); });
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
