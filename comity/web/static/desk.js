// Plain additions to pages that work without them: the board renews itself, and a contradiction is said while a form is filled in.
"use strict";

// An element with data-refresh="30" is replaced every 30 seconds by that of a fresh page; the focus stays on the same link.
async function renew(id) {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(location.href, { headers: { "X-Refresh": "1" } });
  } catch {
    document.getElementById(id).classList.add("stale");
    return;
  }
  if (answer.redirected || !answer.ok) { location.reload(); return; }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  const shown = document.getElementById(id);
  if (!fresh || !shown) return;
  const focused = shown.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = shown.querySelector(".scroll")?.scrollLeft ?? 0;
  shown.replaceChildren(...fresh.childNodes);
  shown.classList.remove("stale");
  const scroller = shown.querySelector(".scroll");
  if (scroller) scroller.scrollLeft = scrolled;
  if (focused) (focused.id ? document.getElementById(focused.id) : scroller)?.focus({ preventScroll: true });
}

for (const element of document.querySelectorAll("[data-refresh]")) {
  setInterval(() => renew(element.id), 1000 * Number(element.dataset.refresh));
}

// An element with data-control and data-values is shown while the control of that name has one of the values.
for (const element of document.querySelectorAll("[data-control]")) {
  const values = element.dataset.values.split(" ");
  const update = () => {
    const chosen = document.querySelector(`[name="${element.dataset.control}"]:checked`);
    element.hidden = !(chosen && values.includes(chosen.value));
  };
  document.addEventListener("change", update);
  update();
}
