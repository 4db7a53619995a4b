/**
 * Python in a worker: it loads the runtime, this program and the law, and then answers questions of the page.
 *
 * A policy of the page does not bind a worker that has a file of its own. So the worker takes every means to send anything
 * away from itself before it reads its first message: what a reader writes arrives where nothing can leave.
 */
import {loadPyodide} from "./runtime/pyodide.mjs";

const MEANS_TO_SEND = [
  "fetch", "fetchLater", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "importScripts",
  "Worker", "SharedWorker", "BroadcastChannel", "RTCPeerConnection", "Request", "caches", "indexedDB", "Notification",
];
const HOME = new URL("./", import.meta.url).href;
const ROOM = "/room";
// No package is looked up: all that is needed comes in one archive.
const NO_PACKAGES = {info: {abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2", version: "0"}, packages: {}};
const BEGIN = `
import sys
sys.path.insert(0, "${ROOM}/packages")
from pathlib import Path
from comity.site.drafting.room import open_room
open_room(Path("${ROOM}/law")).answer
`;

/** Takes from this worker what could send something, wherever it is defined. */
function closeOff() {
  for (const name of MEANS_TO_SEND) {
    for (let owner = globalThis; owner; owner = Object.getPrototypeOf(owner)) delete owner[name];
    Object.defineProperty(globalThis, name, {value: undefined});
  }
}

async function load(path) {
  const response = await fetch(HOME + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

async function open() {
  postMessage({stage: "runtime"});
  const runtime = `${HOME}runtime/`;
  const [pyodide, archive] = await Promise.all([
    loadPyodide({indexURL: runtime, packageBaseUrl: runtime, lockFileContents: NO_PACKAGES}), load("room.zip"),
  ]);
  closeOff();
  postMessage({stage: "law"});
  pyodide.unpackArchive(archive, "zip", {extractDir: ROOM});
  const answer = pyodide.runPython(BEGIN);
  postMessage({stage: "ready"});
  return answer;
}

const opened = open();
opened.catch((fault) => postMessage({stage: "failed", fault: String(fault.message ?? fault)}));

addEventListener("message", async ({data: {number, task, given}}) => {
  const answer = await opened;
  try {
    postMessage({number, ...JSON.parse(answer(JSON.stringify({task, given})))});
  } catch (fault) { // of this program: the last line of Python says which
    postMessage({number, fault: String(fault.message ?? fault).trim().split("\n").at(-1)});
  }
});
