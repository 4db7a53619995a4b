/** Runs every case of the law in the drafting room's Python, in Node: node bench/drafting.js ROOM CASES */
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [room, cases] = process.argv.slice(2).map((name) => path.resolve(name));
const CODE = `
import json, sys
sys.path.insert(0, "/room/packages")
from pathlib import Path
from comity.site.drafting.room import open_room
source = {}
exec(Path("/cases.py").read_text(encoding="utf-8"), source)
json.dumps(source["run_all"](open_room(Path("/room/law")).law.library))
`;

(async () => {
  const runtime = `${path.join(room, "runtime")}/`;
  const {loadPyodide} = await import(path.join(runtime, "pyodide.mjs"));
  const info = {abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2", version: "0"};
  const python = await loadPyodide({indexURL: runtime, packageBaseUrl: runtime, lockFileContents: {info, packages: {}}});
  const archive = fs.readFileSync(path.join(room, "room.zip"));
  python.unpackArchive(archive.buffer.slice(archive.byteOffset, archive.byteOffset + archive.length), "zip", {extractDir: "/room"});
  python.FS.writeFile("/cases.py", fs.readFileSync(cases));
  console.log(python.runPython(CODE));
})();
