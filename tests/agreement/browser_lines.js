/** Runs the script of the browser in Node: one task a line in, one result a line out. See browser_process.py. */
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const vm = require("node:vm");
const folder = path.resolve(process.argv[2]);
const comity = require(path.join(folder, "engine.js"));
const clockScript = require(path.join(folder, "clock.js"));

const TASKS = {
  decide({stack, clock, requests}) {
    const opened = comity.openStack(stack), zone = clock && comity.openClock(clock);
    const decisions = requests.map((request) => comity.decide(opened, request, zone));
    return {decisions, readings: zone ? requests.map((request) => comity.readings(opened, request, zone)) : []};
  },
  count({clock, limits, moments}) {
    const zone = clockScript.openClock(clock);
    const ending = (limit, moment) => clockScript.countHold(zone, limit, {moment: clockScript.readMoment(moment)});
    const show = (found) => found && clockScript.showEnding(zone, found);
    return limits.map((limit) => moments.map((moment) => show(ending(limit, moment))));
  },
  /** As a page loads them: two scripts one after the other, without `require` and `module`. */
  as_on_a_page({stack, requests}) {
    const page = vm.createContext({});
    for (const name of ["clock.js", "engine.js"]) vm.runInContext(fs.readFileSync(path.join(folder, name), "utf8"), page);
    const decide = vm.runInContext("(stack, request) => comity.decide(comity.openStack(stack), request)", page);
    return requests.map((request) => decide(stack, request));
  },
  round: ({numbers}) => numbers.map(comity.roundHundredths),
  shift: ({moves}) => moves.map(([day, unit, amount]) => clockScript.shift(day, unit, amount)),
  rules: ({holds}) => holds.map((ends) => clockScript.rulingEnd(ends)),
  deadlines({clock, times, moments}) {
    const zone = clockScript.openClock(clock);
    return times.map((within) => moments.map((at) => clockScript.deadlineOf(zone, within, clockScript.readMoment(at))));
  },
};

readline.createInterface({input: process.stdin}).on("line", (line) => {
  const task = JSON.parse(line);
  let result;
  try {
    result = TASKS[task.task](task);
  } catch (fault) {
    result = {fault: String(fault.stack)};
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
