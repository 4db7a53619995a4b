/* Finds places by their names: counties, cities and towns, as they are listed in `data/places.js`. How a name is written, what two
 * spellings have in common and what sounds alike follow comity/place_text.py and comity/law/places.py, and tests hold this script
 * to them. In Node it is read by `require`. */
"use strict";

(function (root) {
  const COUNTY_WORDS = ["county", "parish", "borough", "census-area", "municipality", "municipio", "planning-region"];
  const CITY_WORDS = ["city", "town", "village", "township"];
  const SUFFIXES = ["-county", "-parish", "-borough", "-census-area", "-municipality", "-municipio"];
  const SHORT = { saint: "st", sainte: "ste", fort: "ft", mount: "mt" };
  const COUNTRY = ["us", "usa", "united-states"];
  const CAPITAL = ["", "washington", "district-of-columbia"];
  const CODES = {};
  [["bfpv", "1"], ["cgjkqsxz", "2"], ["dt", "3"], ["l", "4"], ["mn", "5"], ["r", "6"]].forEach(([letters, code]) => {
    for (const letter of letters) CODES[letter] = code;
  });
  const SHORTEST = 2, SLUG_MAX = 60;

  /** A name as part of a path: small letters without accents, words joined by hyphens. */
  function slugOf(name) {
    const isPlain = /^[ -~]*$/.test(name); // most are, and the two calls that they are spared are slow
    const plain = (isPlain ? name : name.normalize("NFKD").replace(/\p{M}/gu, "")).toLowerCase();
    return plain.replace(/['`.\u2018\u2019]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  }

  /** What two spellings of one name have in common: `la-salle` and `lasalle`, `saint-louis` and `st-louis`. */
  function spelling(slug) {
    return slug.split("-").map((word) => (Object.hasOwn(SHORT, word) ? SHORT[word] : word)).join("");
  }

  /** A phonetic key: the first letter and the Soundex code of every later consonant. */
  function sound(slug) {
    const letters = spelling(slug);
    let key = letters.slice(0, 1), last = CODES[key] || "";
    for (const letter of letters.slice(1)) {
      const code = CODES[letter] || "";
      if (code && code !== last) key += code;
      if (letter !== "h" && letter !== "w") last = code;
    }
    return key;
  }

  /** A slug without the words for the kind of place, and that kind: `county`, `city` or empty. */
  function kindOf(slug) {
    for (const [words, kind] of [[COUNTY_WORDS, "county"], [CITY_WORDS, "city"]]) {
      for (const word of words) {
        const first = kind === "county" ? [endBy, beginBy] : [beginBy, endBy];
        for (const take of first) {
          const rest = take(slug, word);
          if (rest !== null) return [rest, kind];
        }
      }
    }
    return [slug, ""];
  }

  const endBy = (slug, word) => (slug.endsWith("-" + word) ? slug.slice(0, -word.length - 1) : null);
  const beginBy = (slug, word) => (slug.startsWith(word + "-of-") ? slug.slice(word.length + 4) : null);

  const endsIn = (words, name) => {
    const parts = name.split("-");
    return words.length > parts.length && words.slice(-parts.length).join("-") === name;
  };

  /** The State at the end of a text and the slug of the rest, or null where it ends in no State. */
  function readText(text, states) {
    let words = slugOf(text).split("-");
    for (let name; (name = COUNTRY.find((country) => endsIn(words, country))); ) words = words.slice(0, -name.split("-").length);
    const isState = (at) => Object.hasOwn(states, words.slice(at).join("-"));
    let found = words.findIndex((_, at) => isState(at));
    if (text.includes(",")) {
      const parts = text.split(",").map(slugOf);
      const last = parts.reverse().find((part) => part && !COUNTRY.includes(part)) || "";
      const at = words.findIndex((_, n) => words.slice(n).join("-") === last);
      if (at >= 0 && Object.hasOwn(states, last)) found = at;
    }
    if (found < 0) return null;
    const state = states[words.slice(found).join("-")], slug = words.slice(0, found).join("-");
    return state === "dc" && CAPITAL.includes(slug) ? { state, slug: "" } : { state, slug };
  }

  /** How many letters must be changed, added, left out or exchanged with the next; above `most` it is only that it is more. */
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [], last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i += 1) {
      const now = [i];
      let nearest = i;
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1] ? 0 : 1;
        let least = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, before[j - 2] + 1);
        now.push(least);
        if (least < nearest) nearest = least;
      }
      if (nearest > most) return most + 1;
      before = last;
      last = now;
    }
    return last[other.length];
  }

  /** The places of the data, each as a value with the keys by which it is found. */
  function open(data) {
    const places = [], byPath = new Map(), byState = {}, pages = data.pages && new Set(data.pages);
    for (const [state, name] of Object.entries(data.states)) {
      const whole = "us/" + state;
      byState[state] = [];
      add({ path: whole, name, kind: "s", state, within: [], target: whole, size: 0, aliases: [] });
      const listed = data.listed[state].map(([title, slug, kind, target, size, aliases]) => add({
        path: `${whole}/${slug || slugOfListed(title, kind)}`, name: title, kind, state, within: [],
        target: data.targets[target] || whole, size, aliases: aliases ? aliases.split(" ") : [],
      }));
      for (const [title, inside, kind, slug] of data.cities[state]) {
        const within = [].concat(inside).map((at) => (at < 0 ? byPath.get(whole) : listed[at]));
        // A town in several counties: the first that has law of its own, else the State.
        const own = within.find((place) => place.target !== whole);
        const target = own ? own.target : whole, size = Math.max(...within.map((place) => place.size));
        add({ path: `${whole}/${slug || slugOf(title)}`, name: title, kind, state, within, target, size, aliases: [] });
      }
    }

    function add(place) {
      place.slug = place.path.split("/")[2] || slugOf(place.name);
      place.keys = [place.slug, ...place.aliases].map((slug) => ({ slug, spelled: spelling(slug) }));
      places.push(place);
      byState[place.state].push(place);
      byPath.set(place.path, place);
      return place;
    }

    for (const [path, now] of Object.entries(data.former)) {
      const [, state, slug] = path.split("/");
      for (const place of now.map((known) => byPath.get(known)).filter(Boolean)) {
        if (place.path !== path && place.state === state) place.keys.push({ slug, spelled: spelling(slug), isFormer: true });
      }
    }
    return { data, places, byPath, byState, pages };
  }

  function slugOfListed(name, kind) {
    const slug = slugOf(name), suffix = kind === "c" && SUFFIXES.find((end) => slug.endsWith(end));
    return suffix ? slug.slice(0, -suffix.length) : slug;
  }

  const isCounty = (place) => place.kind === "c";

  /** The places of a State that a slug means by its spelling: counties first, then cities, also with `-city` at the end. */
  function spelled(index, state, slug, kind) {
    const found = { counties: [], listed: [], cityOfListed: [], others: [], cityOfOthers: [] };
    const plain = spelling(slug), city = spelling(slug + "-city");
    for (const place of index.byState[state]) {
      if (place.kind === "s") continue;
      const isListed = !place.within.length;
      const has = (wanted) => place.keys.some((key) => !key.isFormer && key.spelled === wanted);
      if (isListed && isCounty(place) && has(plain)) found.counties.push(place);
      if (place.kind === "c" && isPlainCounty(place)) continue; // a county is no city, but a consolidated one is
      if (has(plain)) (isListed ? found.listed : found.others).push(place);
      if (has(city)) (isListed ? found.cityOfListed : found.cityOfOthers).push(place);
    }
    const cities = [...found.listed, ...found.cityOfListed, ...found.others, ...found.cityOfOthers];
    return [...new Set([...(kind !== "city" ? found.counties : []), ...(kind !== "county" ? cities : [])])];
  }

  const isPlainCounty = (place) => !place.aliases.some((alias) => alias.endsWith("-city")) && place.path !== "us/nv/carson-city";

  /** The places that a text which ends in a State means, as the program reads it; none where it is not clear. */
  function meantBy(index, text) {
    const path = text.trim().toLowerCase().replace(/^\/+|\/+$/g, "");
    if (index.byPath.has(path)) return [index.byPath.get(path)];
    const read = readText(path, index.data.names);
    if (!read) return [];
    if (!read.slug) return [index.byPath.get("us/" + read.state)];
    let [bare, kind] = kindOf(read.slug);
    if (kind === "county" && read.slug.endsWith("-borough") && read.state !== "ak") kind = "city";
    const whole = spelled(index, read.state, read.slug, "");
    return whole.length ? whole : spelled(index, read.state, bare, kind);
  }

  /** How near a place is to what was typed: 0 for the same name, and more for less likeness; null where it is not alike. */
  function rankOf(place, wanted, mayErr) {
    let best = null;
    for (const key of place.keys) {
      const rank = rankOfKey(key, wanted, mayErr);
      if (rank !== null && (best === null || rank < best)) best = rank;
    }
    return best;
  }

  function rankOfKey(key, wanted, mayErr) {
    const { slug, spelled: letters } = key;
    if (letters === wanted.spelled) return 0;
    if (letters.startsWith(wanted.spelled)) return 1;
    if (("-" + slug).includes("-" + wanted.slug)) return 2;
    if (wanted.words.length > 1 && wanted.words.every((word) => ("-" + slug).includes("-" + word))) return 2;
    if (wanted.spelled.length > SHORTEST && letters.includes(wanted.spelled)) return 3;
    if (!mayErr || wanted.spelled.length <= SHORTEST) return null;
    key.sound = key.sound || sound(kindOf(slug)[0]);
    const most = wanted.spelled.length < 6 ? 1 : 2, isAlike = key.sound === wanted.sound;
    const apart = distance(letters, wanted.spelled, most);
    if (apart <= most) return 4 + apart - (isAlike ? 0.5 : 0);
    return isAlike ? 4 + most + 1 : null;
  }

  function wantedOf(slug) {
    const bare = kindOf(slug)[0].replace(/-(cnty|cty)$/, "");
    return { slug: bare, spelled: spelling(bare), words: bare.split("-"), sound: sound(bare) };
  }

  /** Up to `most` places for what was typed, the likeliest first. */
  function search(index, text, most) {
    const typed = slugOf(text).slice(0, SLUG_MAX);
    if (typed.length < SHORTEST) return [];
    const meant = meantBy(index, text), read = readText(text.trim(), index.data.names);
    const readings = [{ slug: typed, state: "" }];
    if (read && read.slug) readings.unshift(read);
    const found = new Map(meant.map((place) => [place, -1]));
    for (const mayErr of [false, true]) {
      if (mayErr && found.size > (read && read.slug ? meant.length : 2)) break;
      for (const { slug, state } of readings) {
        if (mayErr && readings.length > 1 && !state) continue; // the State is known: no other is searched for what sounds alike
        const wanted = wantedOf(slug);
        for (const place of state ? index.byState[state] : index.places) {
          if (place.kind === "s" && state) continue;
          const rank = rankOf(place, wanted, mayErr);
          // What names a State is searched there first; the same letters elsewhere come after it.
          const whole = rank === null ? null : rank + (readings.length > 1 && !state ? 3 : 0);
          if (whole !== null && (!found.has(place) || found.get(place) > whole)) found.set(place, whole);
        }
      }
    }
    const order = new Map(meant.map((place, n) => [place, n]));
    return [...found]
      .sort(([one, rank], [other, otherRank]) => rank - otherRank || (order.get(one) ?? 0) - (order.get(other) ?? 0) || compare(one, other))
      .slice(0, most)
      .map(([place]) => place);
  }

  /** States first, then where most people live in the county, then places with law of their own, counties, and shorter names. */
  function compare(one, other) {
    const weight = (place) => (place.target === place.path ? 0 : place.kind === "c" || place.kind === "i" ? 1 : 2);
    return (
      (one.kind === "s" ? 0 : 1) - (other.kind === "s" ? 0 : 1) || other.size - one.size || weight(one) - weight(other) ||
      one.name.length - other.name.length || (one.path < other.path ? -1 : 1)
    );
  }

  const tools = { slugOf, spelling, sound, kindOf, readText, distance, open, meantBy, search };
  if (typeof module !== "undefined") module.exports = tools;
  else root.comityFind = tools;
})(typeof self === "undefined" ? this : self);
