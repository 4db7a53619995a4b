/* The answers of all places by day, read from the script of data `data/answers.js`. The map and the comparison use it; in Node it
 * is read by `require`. A pattern has a letter for each action of each request, request by request. */
"use strict";

(function (root) {
  /** Answers over `data`, the plain values that `answer_data.py` wrote. */
  function open(data) {
    const actions = data.actions.length;

    /** The number of the letter in a pattern for an action of a request. */
    function letterAt(request, action) {
      return data.requests.indexOf(request) * actions + data.actions.indexOf(action);
    }

    /** The number of the span of a place that holds a day, or -1. Days are ISO 8601, so that text compares as days do. */
    function spanAt(path, day) {
      const spans = data.places[path];
      if (!spans) return -1;
      let found = -1;
      for (let at = 0; at < spans.length && data.days[spans[at]] <= day; at += 2) found = at;
      return found;
    }

    /** The letters of a place on a day; null where it has none in this edition. */
    function patternAt(path, day) {
      const at = spanAt(path, day);
      return at < 0 ? null : data.patterns[data.places[path][at + 1]];
    }

    /** The outcome of one letter of a place on a day; a place that this edition leaves out is not researched. */
    function outcomeAt(path, day, letter) {
      const pattern = patternAt(path, day);
      return pattern === null ? "unresearched" : data.letters[pattern[letter]];
    }

    /** The day since which a letter of a place is what it is on a day. */
    function since(path, day, letter) {
      const spans = data.places[path];
      let at = spanAt(path, day);
      if (at < 0) return null;
      const now = data.patterns[spans[at + 1]][letter];
      while (at >= 2 && data.patterns[spans[at - 1]][letter] === now) at -= 2;
      return data.days[spans[at]];
    }

    /** The days on which a letter changes at any place, the first day of all included, in order. */
    function changeDays(letter) {
      const found = new Set([data.days[0]]);
      for (const path of Object.keys(data.places)) for (const change of changesOf(path, letter)) found.add(change.day);
      return [...found].sort();
    }

    /** The changes of a letter at one place: the day, and the outcomes before and after. */
    function changesOf(path, letter) {
      const spans = data.places[path], found = [];
      for (let at = 2; at < spans.length; at += 2) {
        const before = data.patterns[spans[at - 1]][letter], after = data.patterns[spans[at + 1]][letter];
        if (before !== after) {
          found.push({ day: data.days[spans[at]], before: data.letters[before], after: data.letters[after] });
        }
      }
      return found;
    }

    return { data, letterAt, patternAt, outcomeAt, since, changeDays, changesOf };
  }

  /** A day in words: `words` has the months of a language and the form of a day in it. */
  function sayDay(day, words) {
    const [year, month, number] = day.split("-").map(Number);
    return fill(words.form, { year, month: words.months[month - 1], day: number });
  }

  /** Fixed words with values at their places in braces. */
  function fill(words, values) {
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  const tools = { open, sayDay, fill };
  if (typeof module !== "undefined") module.exports = tools;
  else root.comityAnswersBy = tools;
})(typeof self === "undefined" ? this : self);
