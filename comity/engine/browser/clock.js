/**
 * Days, moments and the clock of a place: when a hold must end and when a deed is due, without the zones of the machine.
 *
 * `clock_json.py` writes the clock: the offsets of the zone and the federal holidays over a span of days. Outside of
 * the span nothing is counted. A day is its number, 1 for 0001-01-01; a moment is whole microseconds since 1970.
 * `comity/clock/hold.py` is the definition; tests/agreement/test_browser_clock.py holds this script to it.
 */
const comityClock = (() => {
  "use strict";

  const SECOND = 1e6, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const EPOCH_DAY = 719163; // 1970-01-01
  const LAST_DAY = 3652059; // 9999-12-31
  const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|([+-])(\d{2}):?(\d{2}))$/;

  // ---- days and moments ----

  /** The number of a day, from a year, a month from 1 and a day of the month: by the Gregorian calendar throughout. */
  function dayNumber(year, month, day) {
    return new Date(0).setUTCFullYear(year, month - 1, day) / 864e5 + EPOCH_DAY;
  }

  /** The year, the month from 1 and the day of the month of a day's number. */
  function dateOf(number) {
    const date = new Date((number - EPOCH_DAY) * 864e5);
    return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  }

  const daysInMonth = (year, month) => dateOf(dayNumber(year, month + 1, 0))[2];

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
    const found = MOMENT.exec(text);
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
    const seconds = Math.floor(local / SECOND), fraction = local - seconds * SECOND;
    const ofDay = ((seconds % 86400) + 86400) % 86400;
    const parts = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60];
    const time = parts.map((part) => digits(part, 2)).join(":");
    const minutes = Math.abs(offset) / MINUTE;
    const zone = `${offset < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`;
    return `${showDay(Math.floor(local / DAY) + EPOCH_DAY)}T${time}${fraction ? `.${digits(fraction, 6)}` : ""}${zone}`;
  }

  /** A moment in local time, with its offset: `2017-01-20T09:00:00-05:00`. */
  const showMoment = (clock, moment) => showLocal(localTime(clock, moment), offsetAt(clock, moment));

  /** A duration in words: `8 hours`, `7 hours 30 minutes`. */
  function formatSpan(span) {
    const seconds = Math.floor(span / SECOND);
    const parts = [[Math.floor(seconds / 3600), "hour"], [Math.floor(seconds / 60) % 60, "minute"], [seconds % 60, "second"]];
    const texts = parts.filter(([number]) => number).map(([number, unit]) => `${number} ${unit}${number === 1 ? "" : "s"}`);
    return texts.join(" ") || "0 hours";
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

  /** The place of the last entry of an ascending list that is not above a value. */
  function lastNotAfter(list, value) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= value) low = middle + 1; else high = middle;
    }
    return low - 1;
  }

  // ---- how long a hold may last ----

  const skips = (limit) => limit.clock === "excluding_weekends_holidays" && !limit.until;

  /** What a limit runs from: receipt, release eligibility, or both where the earlier counts. */
  function startsOf(limit) {
    if (limit.until) return [limit.of || "release_eligible"];
    return limit.starts === "earlier" ? ["receipt", "release_eligible"] : [limit.starts];
  }

  /**
   * The moment from which a limit runs, or the day for a time of day; null where neither is known. `starts` has the facts
   * with the moment and the day of each start.
   */
  function startOf(starts, limit, values) {
    const paths = startsOf(limit).map((name) => starts[name]);
    const known = paths.map(([moment]) => values.get(moment)).filter((moment) => moment !== undefined);
    if (known.length === paths.length) return {moment: Math.min(...known)};
    const day = limit.until ? values.get(paths[0][1]) : undefined;
    return day === undefined ? null : {day};
  }

  /** When a hold must end, and the steps of the count; null where its start is not known or the clock does not reach it. */
  function countHold(clock, limit, start) {
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

  /** The end of a count, and its steps, in local time. */
  const showEnding = (clock, {until, steps}) =>
    ({until: showMoment(clock, until), steps: steps.map((step) => ({...step, at: showMoment(clock, step.at)}))});

  /** When a deed is due, in local time; null for a time that is not in hours or days. A day ends at the same time of day. */
  function deadlineOf(clock, within, start) {
    const found = /^([0-9]{1,4}) (hour|day)s?$/.exec(within);
    if (!found || !isWritten(clock, start)) return null;
    if (!isWritten(clock, start + Number(found[1]) * (found[2] === "hour" ? HOUR : DAY))) return null;
    if (found[2] === "hour") return showMoment(clock, start + Number(found[1]) * HOUR);
    const local = localTime(clock, start) + Number(found[1]) * DAY;
    return showLocal(local, firstOffset(clock, local));
  }

  return {
    LAST_DAY, readDay, showDay, readMoment, shift, lastNotAfter, openClock, isWritten, localDay, showMoment, formatSpan, startOf,
    countHold, showEnding, rulingEnd, deadlineOf,
  };
})();

if (typeof module !== "undefined") module.exports = comityClock;
