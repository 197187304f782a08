// The workers: started when they are needed, ended at a deadline, replaced when they die.
"use strict";

const READ_SECONDS = 60; // that one file may take; an honest one takes one
const DESK_SECONDS = 1200; // that one request may take; thousands of returns take minutes
const START_SECONDS = 120;
const WORN_OUT = 256 << 20; // bytes; a worker that took more gives them back by ending
const MOST_READERS = 4;

// What the page carries, unpacked once; the module of CPython is compiled once, for all workers.
const parts = {
  async load() {
    this.loading ??= this.unpackAll();
    return this.loading;
  },
  async unpackAll() {
    const [worker, wasm, library, packages, own] = await Promise.all(PARTS.map(unpack));
    return {
      worker: URL.createObjectURL(new Blob([worker], { type: "text/javascript" })),
      given: { module: await WebAssembly.compile(wasm), library, packages, own, info: PYTHON },
    };
  },
};
const PARTS = ["worker.js", "pyodide.asm.wasm", "library.zip", "packages.zip", "gwxl.zip"];
const PYTHON = JSON.parse(find("python").textContent);

async function unpack(id) {
  const packed = Uint8Array.fromBase64 ? Uint8Array.fromBase64(find(id).textContent) : decode(find(id).textContent);
  find(id).textContent = ""; // given back
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function decode(text) {
  const binary = atob(text);
  const found = new Uint8Array(binary.length);
  for (let place = 0; place < binary.length; place++) found[place] = binary.charCodeAt(place);
  return found;
}

// What Python says of an error that no file can be blamed for; memory and depth are used up by files.
const OURS = /^Traceback(?![^]*(?:MemoryError|RecursionError|RangeError))/;

// Why a worker gave no answer: "too_slow", "reader_died", "own_error", or "ended" where the page itself ended it.
class LostError extends Error {
  constructor(reason, detail = "") {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

class Hand {
  // One worker. It answers one request at a time.
  constructor() {
    this.waiting = new Map();
    this.number = 0;
    this.functions = new Set();
    this.dead = null;
  }

  async start() {
    const { worker, given } = await parts.load();
    if (this.dead) throw new LostError(this.dead);
    this.worker = new Worker(worker);
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => this.end("reader_died", event.message);
    await this.ask("start", given, START_SECONDS);
    return this;
  }

  ask(verb, value, seconds = READ_SECONDS) {
    if (this.dead) return Promise.reject(new LostError(this.dead));
    const number = ++this.number;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end("too_slow"), seconds * 1000);
      this.waiting.set(number, { resolve, reject, timer });
      this.worker.postMessage({ number, verb, value });
    });
  }

  hear({ number, value, error }) {
    const { resolve, timer } = this.waiting.get(number);
    clearTimeout(timer);
    if (error !== undefined) return this.end(OURS.test(error) ? "own_error" : "reader_died", error); // Python is in no state to go on
    this.waiting.delete(number);
    resolve(value);
  }

  end(reason = "ended", detail = "") {
    this.dead ??= reason;
    this.detail = detail;
    this.worker?.terminate();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new LostError(this.dead, this.detail));
    }
    this.waiting.clear();
  }
}

// The desk: the worker that is asked, what lies before it, and the readers that read for it.
class Desk {
  constructor() {
    this.mounts = new Map();
    this.readers = [];
    this.lost = 0;
  }

  async ready() {
    if (!this.hand || this.hand.dead) {
      this.hand = new Hand();
      this.hand.prepared = this.prepare(this.hand);
    }
    return this.hand.prepared;
  }

  async prepare(hand) {
    await hand.start();
    for (const mount of this.mounts.values()) await hand.ask("mount", mount);
    return hand;
  }

  async lay(place, folder, files) {
    const mount = { place, folder, files };
    this.mounts.set(place, mount);
    this.endReaders();
    if (this.hand && !this.hand.dead) await (await this.hand.prepared).ask("mount", mount);
  }

  // Return what a request gives; whoever is asked to read meanwhile reads, in as many workers as there are processors.
  async ask(request, progress = () => {}) {
    const hand = await this.ready();
    for (;;) {
      const told = await hand.ask("ask", request, DESK_SECONDS);
      if (!told.asked) return told;
      await this.readAll(hand, told.asked, progress);
    }
  }

  // Return what a request gives that reads by itself: of one file, under the deadline of one.
  async askShortly(request) {
    const hand = await this.ready();
    return hand.ask("alone", request, READ_SECONDS);
  }

  async readAll(hand, asked, progress) {
    const left = asked.map(([place, number]) => ({ place, number, deaths: 0 }));
    const all = left.length;
    let done = 0;
    const count = Math.min(MOST_READERS, navigator.hardwareConcurrency || 2, Math.ceil(all / 4));
    const readOn = async (seat) => {
      for (let job; (job = left.shift()); ) {
        if (await this.readOne(hand, seat, job)) progress(++done, all);
        else left.push(job);
      }
    };
    progress(0, all);
    await Promise.all(Array.from({ length: count }, (_, seat) => readOn(seat)));
  }

  // Read one item; false where its worker died and it is to be read once more, last.
  async readOne(hand, seat, job) {
    let answer;
    const reader = await this.reader(seat);
    const given = await hand.ask("hand", { number: job.number, function: job.place, known: reader.functions.has(job.place) });
    try {
      answer = await reader.ask("work", { place: job.place, ...given });
      reader.functions.add(job.place);
    } catch (error) {
      if (!(error instanceof LostError) || error.reason === "ended") throw error;
      if (error.reason === "reader_died" && !job.deaths++) return false;
      const reason = error.reason === "own_error" ? "reader_died" : error.reason;
      await hand.ask("lose", { number: job.number, reason, seconds: READ_SECONDS });
      return true;
    }
    await hand.ask("take", { number: job.number, answer });
    if ((await reader.ask("heap")) > WORN_OUT) reader.end();
    return true;
  }

  async reader(seat) {
    if (!this.readers[seat] || this.readers[seat].dead) {
      this.readers[seat] = new Hand();
      await this.prepare(this.readers[seat]);
    }
    return this.readers[seat];
  }

  endReaders() {
    for (const reader of this.readers) reader?.end();
    this.readers = [];
  }

  // End everything that runs; the next request begins afresh.
  cancel() {
    this.endReaders();
    this.hand?.end();
  }
}
