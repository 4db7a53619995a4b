/**
 * The worker with the reference engine, as pages see it: it starts when it is first asked, and each question has an answer.
 */
const comityReference = (() => {
  "use strict";

  const waiting = new Map(), listeners = [];
  let worker = null, count = 0, failure = "";

  /** Whether this page can start a worker at all: one that was opened from a folder cannot. */
  const isPossible = () => window.location.protocol !== "file:" && typeof Worker === "function" && typeof WebAssembly === "object";

  function start(address) {
    if (worker) return;
    worker = new Worker(address, {type: "module"});
    worker.addEventListener("error", (event) => fail(event.message || "worker"));
    worker.addEventListener("message", ({data}) => {
      if (data.stage === "failed") return fail(data.fault);
      if (data.stage) return listeners.forEach((listen) => listen(data.stage));
      const {resolve, reject} = waiting.get(data.number);
      waiting.delete(data.number);
      if (data.fault) reject(new Error(data.fault)); else resolve(data);
    });
  }

  function fail(reason) {
    failure = reason;
    for (const {reject} of waiting.values()) reject(new Error(reason));
    waiting.clear();
  }

  /** Asks the worker; the answer has `result`, or `findings` in words. It is rejected where the worker could not start. */
  function ask(address, task, given) {
    start(address);
    if (failure) return Promise.reject(new Error(failure));
    const number = ++count;
    return new Promise((resolve, reject) => {
      waiting.set(number, {resolve, reject});
      worker.postMessage({number, task, given});
    });
  }

  /** Calls back with each stage of the start: `runtime`, `law`, `ready`. */
  const onStage = (listen) => listeners.push(listen);

  return {isPossible, ask, onStage};
})();
