/* The page of the search: asks pagefind's index, which lies beside the page, and lists what it finds.
 *
 * What one types stays in the fragment of the address, which no browser sends. The page's words are data of its form. */
(function () {
  "use strict";

  const STEP = 10; // results that are shown at once

  /** An excerpt as text with its marks; pagefind gives HTML, of which nothing but `mark` is taken over. */
  function excerptOf(html) {
    const part = document.createElement("p");
    for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
      if (node.nodeName === "MARK") {
        const mark = document.createElement("mark");
        mark.textContent = node.textContent;
        part.append(mark);
      } else {
        part.append(node.textContent);
      }
    }
    return part;
  }

  /** One result: where it is, its title as a link, and its excerpt. */
  function itemOf(data, form) {
    const path = data.raw_url.replace(/^\//, "");
    const item = document.createElement("li");
    const kind = document.createElement("p");
    kind.className = "kicker";
    kind.textContent = form.dataset[path.split("/")[0]] || "";
    const link = document.createElement("a");
    link.href = "../" + path;
    link.textContent = data.meta.title;
    item.append(kind, link, excerptOf(data.excerpt));
    return item;
  }

  function start(form) {
    const input = form.querySelector("input");
    const status = form.querySelector("[data-status]");
    const list = document.querySelector("[data-found]");
    const more = document.querySelector("[data-more]");
    let results = [];
    let shown = 0;
    let pagefind = null;

    async function showMore() {
      const asked = results;
      const parts = await Promise.all(asked.slice(shown, shown + STEP).map(function (result) { return result.data(); }));
      if (asked !== results) { return; } // other words were typed meanwhile
      for (const data of parts) { list.append(itemOf(data, form)); }
      shown += parts.length;
      more.hidden = shown >= results.length;
    }

    async function search() {
      const words = input.value.trim();
      history.replaceState(null, "", words ? "#q=" + encodeURIComponent(words) : "#");
      const found = words ? await pagefind.debouncedSearch(words, {}, 150) : { results: [] };
      if (found === null) { return; } // typing went on
      results = found.results;
      shown = 0;
      list.replaceChildren();
      const count = results.length;
      const text = count === 1 ? form.dataset.one : count ? form.dataset.count.replace("{count}", count) : form.dataset.none;
      status.textContent = words ? text : "";
      await showMore();
    }

    async function open() {
      form.hidden = false;
      try {
        pagefind = await import(new URL(form.dataset.search, location.href).href);
        await pagefind.init();
      } catch {
        status.textContent = form.dataset.failed;
        return;
      }
      input.addEventListener("input", search);
      more.addEventListener("click", showMore);
      const asked = new URLSearchParams(location.hash.slice(1)).get("q");
      if (asked) { input.value = asked; }
      input.focus();
      if (input.value) { await search(); }
    }

    form.addEventListener("submit", function (event) { event.preventDefault(); });
    open();
  }

  if (location.protocol === "file:") {
    document.querySelector("[data-from-disk]").hidden = false;
  } else {
    start(document.querySelector("form[data-search]"));
  }
})();
