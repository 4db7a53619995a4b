// Warns two minutes before an idle session ends, and lets the person extend it. The server decides: this page only asks it.
"use strict";

const warning = document.getElementById("idle");
const WARN_SECONDS = 120;
let timer;

async function ask(method) {
  const token = warning.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch("/stay", { method, headers: { "X-CSRFToken": token } });
  return answer.ok && !answer.redirected ? (await answer.json()).seconds : 0;
}

function plan(seconds) {
  clearTimeout(timer);
  if (seconds <= 0) { location.assign(`/log-in?ended=1&next=${encodeURIComponent(location.pathname)}`); return; }
  if (seconds > WARN_SECONDS) {
    if (warning.open) warning.close();
    timer = setTimeout(check, 1000 * (seconds - WARN_SECONDS));
    return;
  }
  if (!warning.open) warning.showModal();
  timer = setTimeout(check, 1000 * Math.min(seconds, 10));
}

async function check() {
  try { plan(await ask("GET")); } catch { timer = setTimeout(check, 10000); }
}

warning.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try { plan(await ask("POST")); } catch { timer = setTimeout(check, 10000); }
});
// A computer that slept fires its timers late: ask at once when the page is seen again.
document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); });
plan(Number(warning.dataset.seconds));
