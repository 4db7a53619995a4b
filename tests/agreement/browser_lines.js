/** Runs the script of the browser in Node: one task a line in, one result a line out. See browser_process.py. */
"use strict";
const path = require("node:path");
const readline = require("node:readline");
const comity = require(path.resolve(process.argv[2]));

const TASKS = {
  decide({stack, clock, requests}) {
    const opened = comity.openStack(stack), zone = clock && comity.openClock(clock);
    const decisions = requests.map((request) => comity.decide(opened, request, zone));
    return {decisions, readings: zone ? requests.map((request) => comity.readings(opened, request, zone)) : []};
  },
  count({clock, limits, moments}) {
    const zone = comity.openClock(clock);
    return limits.map((limit) => moments.map((moment) => comity.countHold(zone, limit, moment)));
  },
  deadlines({clock, within, moments}) {
    const zone = comity.openClock(clock);
    return within.map((time) => moments.map((moment) => comity.deadline(zone, time, moment)));
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
