// What is dropped or chosen, as a list of {path, file}; a folder stands for all below it.
"use strict";

class UndroppedError extends Error {}

// From a file on disk some browsers hand over no folder that is dropped; what was not handed over is named, never left out.
async function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const held = items.map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry?.() ?? null }));
  const found = [];
  for (const { file, entry } of held) {
    if (entry?.isDirectory) found.push(...(await below(entry)));
    else if (file) found.push({ path: file.name, file });
    else throw new UndroppedError(entry?.name ?? "?");
  }
  return found;
}

async function below(folder) {
  try {
    const reader = folder.createReader();
    const found = [];
    for (;;) {
      const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!entries.length) return found;
      for (const entry of entries) {
        if (entry.isDirectory) found.push(...(await below(entry)));
        else {
          const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
          found.push({ path: entry.fullPath.replace(/^\//, ""), file });
        }
      }
    }
  } catch (error) {
    if (error instanceof UndroppedError) throw error;
    throw new UndroppedError(folder.name);
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

async function sha256(file) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
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
