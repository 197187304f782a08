// A worker of the page: CPython with gwxl in it. It answers requests, or reads single files for the worker that does.
"use strict";

const MOST_MEMORY = 1 << 30; // bytes; an honest file needs some sixty million
const PLACES = { inbox: "/desk", form: "/forms" }; // where what was dropped is seen

let python, newDesk, desk, work;
const functions = new Map();

// Nothing is fetched: what Pyodide asks for came with the worker, and whatever else is asked for is not there.
function embed(parts) {
  self.fetch = async (address) => {
    if (String(address).endsWith("/python_stdlib.zip")) return new Response(parts.library);
    if (String(address).endsWith("/pyodide.asm.wasm")) return new Response();
    throw new TypeError("this page asks for nothing");
  };
  WebAssembly.instantiateStreaming = async (response, imports) => ({
    module: parts.module,
    instance: await WebAssembly.instantiate(parts.module, imports),
  });
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > MOST_MEMORY) throw new RangeError("a worker takes no more memory");
    return grow.call(this, pages);
  };
}

async function start(parts) {
  embed(parts);
  python = await self.loadPyodide({
    indexURL: "parts:/",
    createPyodideModule: self.createPyodideModule,
    stdLibURL: "parts:/python_stdlib.zip",
    lockFileContents: { info: parts.info, packages: {} },
    packageBaseUrl: "parts:/",
    env: { HOME: "/home", PYTHONDONTWRITEBYTECODE: "1", LANG: "C.UTF-8" },
    stdout: () => {},
    stderr: () => {},
  });
  python.FS.writeFile("/packages.zip", new Uint8Array(parts.packages));
  python.runPython("import sys; sys.path.append('/packages.zip')");
  python.unpackArchive(new Uint8Array(parts.own), "zip", { extractDir: "/gwxl" }); // it reads files beside its modules
  python.runPython("sys.path.append('/gwxl')");
  ({ Desk: newDesk, work } = python.pyimport("gwxl.browser"));
  desk = newDesk();
}

// Show files in a folder, unread until Python opens them; their paths may hold folders.
function mount({ place, folder, files }) {
  const root = PLACES[place];
  const at = `${root}/${folder}`;
  const { FS } = python;
  FS.chdir("/");
  if (mounted.has(place)) {
    FS.unmount(mounted.get(place));
    FS.rmdir(mounted.get(place));
  }
  FS.mkdirTree(at);
  FS.mount(FS.filesystems.WORKERFS, { blobs: files.map(({ path, file }) => ({ name: path, data: file })) }, at);
  mounted.set(place, at);
  FS.mkdirTree(PLACES.inbox);
  FS.chdir(PLACES.inbox);
  desk = newDesk(); // what was read of other files is no answer any more
}
const mounted = new Map();

function bytes(value) {
  const found = value.toJs();
  value.destroy();
  return found;
}

const verbs = {
  start,
  mount,
  alone: (request) => JSON.parse(desk.answer_alone(JSON.stringify(request))),
  ask: (request) => JSON.parse(desk.answer(JSON.stringify(request))),
  hand: ({ number, known, function: place }) => ({
    item: bytes(desk.item(number)),
    function: known ? null : bytes(desk.function(place)),
  }),
  take: ({ number, answer }) => desk.take(number, python.toPy(answer)),
  lose: ({ number, reason, seconds }) => desk.lose(number, reason, seconds),
  work: ({ place, function: source, item }) => {
    if (source) functions.set(place, python.toPy(source));
    return bytes(work(functions.get(place), python.toPy(item)));
  },
  write: ({ path, data }) => python.FS.writeFile(path, data),
  read: ({ path }) => python.FS.readFile(path),
  heap: () => python._module.HEAPU8.length,
};

self.onmessage = async ({ data: { number, verb, value } }) => {
  try {
    self.postMessage({ number, value: await verbs[verb](value) });
  } catch (error) {
    self.postMessage({ number, error: String(error?.message ?? error) });
  }
};
