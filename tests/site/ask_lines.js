/** Runs the scripts of an ask page in Node, as a page loads them: one task a line in, one result a line out. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const vm = require("node:vm");

const site = process.argv[2];
const SCRIPTS = ["vocabulary-en", "clock", "engine", "dom", "law", "warnings", "card", "facts", "link"];
const read = (...parts) => fs.readFileSync(path.join(site, ...parts), "utf8");
const pages = new Map();

/** The globals of the ask page of a place, with all its law. */
function pageOf(place) {
  if (pages.has(place)) return pages.get(place);
  const words = /<script type="application\/json" id="ask-words">(.*?)<\/script>/s.exec(read(place, "ask", "index.html"))[1];
  const page = vm.createContext({document: {getElementById: () => ({textContent: words})}});
  for (const name of ["law", "earlier"]) vm.runInContext(read(place, "ask", `${name}.js`), page);
  for (const name of SCRIPTS) vm.runInContext(read("static", "ask", `${name}.js`), page);
  vm.runInContext("comityDom.readWords(); const known = comityLaw.begin();", page);
  pages.clear();
  pages.set(place, page);
  return page;
}

const run = (place, code, given) => vm.runInContext(`(${code})`, pageOf(place))(given);

const TASKS = {
  spans: ({place}) => run(place, "() => known.spans"),
  document: ({place, number}) => run(place, "(number) => comityLaw.documentOf(number)", number),
  card: ({place, member, day, kind, facts}) => run(place, `({member, day, kind, facts}) => {
    const where = known.members[member], holds = ([, , since, until, kinds]) => since <= day && day < until && kinds.includes(kind);
    const given = Object.fromEntries((where.given ?? []).filter(holds).map(([path, value]) => [path, value]));
    const stack = comityLaw.stackOf(comityLaw.spanAt(day, kind));
    return comityCard.cardOf({stack, facts: {...given, ...facts}, clock: known.clocks[where.clock], place: where, path: member, day, forms: known.forms});
  }`, {member: member ?? place, day, kind: kind ?? "", facts}),
  link: ({place, fragment}) => run(place, `(fragment) => comityLink.read(fragment, {
    members: known.members, kinds: ["sheriff"], first: "2007-01-01", last: "2027-11-01"})`, fragment),
  moments: ({place, day, time}) => run(place, "({day, time}) => comityFacts.momentsAt(known.clocks[0], day, time)", {day, time}),
};

readline.createInterface({input: process.stdin}).on("line", (line) => {
  const task = JSON.parse(line);
  let result;
  try {
    result = TASKS[task.task](task);
  } catch (fault) {
    result = {fault: String(fault.stack)};
  }
  process.stdout.write(`${JSON.stringify(result ?? null)}\n`);
});
