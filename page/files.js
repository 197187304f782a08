// What is dropped or chosen, as a list of {path, file}; a folder stands for all below it.
"use strict";

class UndroppedError extends Error {}

// A folder is walked by its handle, or by its entry where a browser has no handles; opened from a disk, Chromium lets nobody
// read an entry. What was not handed over is named, never left out.
async function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const held = items.map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry?.() ?? null, handle: item.getAsFileSystemHandle?.().catch(() => null) }));
  const found = [];
  for (const { file, entry, handle } of held) {
    if (entry?.isDirectory) found.push(...(await walk(entry, await handle)));
    else if (file) found.push({ path: file.name, file });
    else throw new UndroppedError(entry?.name ?? "?");
  }
  return found;
}

async function walk(entry, handle) {
  try {
    return await (handle ? listHandle(handle, handle.name) : listEntry(entry));
  } catch {
    throw new UndroppedError(entry.name);
  }
}

async function listHandle(handle, path) {
  if (handle.kind === "file") return [{ path, file: await handle.getFile() }];
  const found = [];
  for await (const [name, one] of handle.entries()) found.push(...(await listHandle(one, `${path}/${name}`)));
  return found;
}

async function listEntry(entry) {
  if (entry.isFile) return [{ path: entry.fullPath.replace(/^\//, ""), file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const one of entries) found.push(...(await listEntry(one)));
  }
}

function chosen(input) {
  const found = [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  input.value = "";
  return found;
}

// Without the folder that was chosen itself, where all stands in it: files are called as they are below the inbox.
function inside(files) {
  const tops = new Set(files.map(({ path }) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "")));
  if (tops.size !== 1 || tops.has("")) return files;
  return files.map(({ path, file }) => ({ path: path.slice(path.indexOf("/") + 1), file }));
}

// Adds to what is there already; a second file of a name that is taken by another gets a name of its own: none is lost.
function addFiles(held, files) {
  for (const { path, file } of files) {
    const same = (other) => other.size === file.size && other.lastModified === file.lastModified;
    let free = path;
    for (let number = 2; held.has(free) && !same(held.get(free)); number++) free = path.replace(/(\.[^./]*)?$/, `(${number})$1`);
    held.set(free, file);
  }
  return held;
}

function listed(held) {
  return [...held].map(([path, file]) => ({ path, file }));
}

const MOST_HASHED = 256 << 20; // bytes, more than any file that is read

// Null where a file is too large to be read, or cannot be read any more.
async function sha256(file) {
  if (file.size > MOST_HASHED) return null;
  const data = await file.arrayBuffer().catch(() => null);
  if (!data) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function download(data, name) {
  const link = element("a", { href: URL.createObjectURL(new Blob([data])), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A place to drop on, with its buttons; take is called with what came.
function makeDropPlace(id, take) {
  const place = find(id);
  const handle = async (files) => {
    try {
      await take(await files);
    } catch (error) {
      if (!(error instanceof UndroppedError)) throw error;
      tell(place.querySelector(".trouble"), say("browser.drop_failed", { name: error.message }));
    }
  };
  for (const name of ["dragenter", "dragover"])
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  for (const name of ["dragleave", "drop"]) place.addEventListener(name, () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    handle(dropped(event.dataTransfer));
  });
  for (const input of place.querySelectorAll("input[type=file]")) input.addEventListener("change", () => handle(chosen(input)));
}

// What is dropped beside every place must not replace the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

function tell(place, text) {
  place.textContent = text;
  place.hidden = !text;
}
