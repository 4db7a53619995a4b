/** Elements and words: what every script of the page uses to write to it. Text is always set as text, never as HTML. */
const comityDom = (() => {
  "use strict";

  // Control signs and marks of direction, which would let a text show otherwise than it is written.
  const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  let words = {};

  /** The words of the page in its language, from its JSON. */
  function readWords() {
    words = JSON.parse(document.getElementById("ask-words").textContent);
    return words;
  }

  const clean = (text) => String(text).replace(HIDDEN, "\ufffd");

  /** Fixed words by their name, with values at their places in braces. */
  function say(name, values = {}) {
    return words[name].replace(/\{(\w+)\}/g, (_, key) => clean(values[key]));
  }

  /** An element with its attributes and children. An attribute `on...` is a listener; one that is false is left out. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== undefined) element.setAttribute(name, value);
    }
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      element.append(typeof child === "object" ? child : clean(child));
    }
    return element;
  }

  /** An element as the law has it, in English on a page of any language. */
  const lawText = (tag, attributes, ...children) => h(tag, {lang: words.language === "en" ? false : "en", ...attributes}, ...children);

  return {readWords, say, h, lawText, clean, words: () => words};
})();
