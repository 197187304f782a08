// The clerk's door: what came in, the merge, decisions, and what is taken away.
"use strict";

const clerk = new Desk();
const inbox = new Map(); // path → file
let merged = null; // what the last merge told
let ownForm = null; // {place, title}
let laid = false; // whether the workers see what is in the inbox
let mergeRun = 0; // which run is on; what an earlier one still says is not heard

async function putIn(files) {
  addFiles(inbox, inside(files));
  laid = false;
  tell(find("drop-merge").querySelector(".trouble"), "");
  makePutIn();
}

function makePutIn() {
  find("put-in").textContent = inbox.size ? say("browser.files_in", { count: count(inbox.size) }) : say("browser.no_files");
  find("merge-start").disabled = inbox.size === 0;
  find("merge-start").textContent = say(merged ? "browser.merge_again" : "browser.merge");
  find("own-form-in").textContent = ownForm ? say("browser.own_form_in", { title: ownForm.title }) : "";
}
remade.add(makePutIn);

function request(verb, more = {}) {
  const settings = Object.fromEntries(["deadline", "return_to", "office", "phone"].map((name) => [name, find(`set-${name}`).value]));
  const year = find("set-year").valueAsNumber || null;
  return { do: verb, inbox: INBOX, form: ownForm?.place ?? null, year, today: today(), ...settings, ...more };
}

// Run one piece of work after another under one progress bar; what is stopped leaves the page as it was.
async function run(trouble, work) {
  const mine = ++mergeRun;
  tell(find(trouble), "");
  show("merge-progress", true);
  setProgress("merge", 0, 0, say("browser.working"));
  for (const button of BUSY) find(button).disabled = true;
  try {
    if (!laid) await clerk.lay("inbox", INBOX, listed(inbox));
    laid = true;
    await work(() => mine === mergeRun);
  } catch (error) {
    if (mine === mergeRun) tellTrouble(trouble, error);
  } finally {
    if (mine === mergeRun) {
      show("merge-progress", false);
      for (const button of BUSY) find(button).disabled = false;
      makePutIn();
    }
  }
}
const BUSY = ["merge-start", "merge-clear", "decide"];

class RefusedError extends Error {}

// Ask the clerk's desk; what it refuses is told in the language of the page.
async function ask(verb, more = {}) {
  const told = await clerk.ask(request(verb, more), (done, all) =>
    setProgress("merge", done, all, say("browser.reading", { done: count(done), all: count(all) })),
  );
  if (told.failed) throw new RefusedError(told.failed[language].join("\n"));
  return told.done;
}

function mergeAll(before = async () => {}) {
  return run("merge-trouble", async (isOn) => {
    await before();
    const told = await ask("merge");
    if (!isOn()) return;
    merged = told;
    makeMerged();
    find("merged-head").focus();
  });
}

function cancelMerging() {
  mergeRun++;
  clerk.cancel();
  show("merge-progress", false);
  for (const button of BUSY) find(button).disabled = false;
  makePutIn();
  tell(find("merge-trouble"), say("browser.cancelled"));
}

function clearMerged() {
  clerk.cancel();
  inbox.clear();
  merged = null;
  laid = false;
  show("merged", false);
  makePutIn();
}

// Decisions made on the page are written into the decisions on the inbox, as if they had been typed there.
function applyDecisions() {
  const answers = [...document.querySelectorAll("#cases .case")].map(readCase).filter((one) => one);
  return mergeAll(() => ask("decide", { answers }));
}

function bringDecisions({ file }) {
  return mergeAll(async () => {
    const { file: place } = await ask("decisions");
    const suffix = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
    const data = new Uint8Array(await file.arrayBuffer());
    const hand = await clerk.ready();
    await hand.ask("write", { path: place.replace(/\.[^.]*$/, suffix), data });
    find("decisions-in").textContent = say("browser.decisions_in", { file: file.name });
  });
}

async function bringForm(files) {
  const declared = files.find(({ path }) => path.endsWith("/form.toml"));
  tell(find("merge-trouble"), "");
  try {
    await clerk.lay("form", "form", files);
    const place = `${FORMS}/${(declared ?? files[0]).path.replace(/\/[^/]*$/, "")}`;
    const told = await clerk.ask({ do: "forms", form: place, today: today() });
    if (told.failed) throw new RefusedError(told.failed[language].join("\n"));
    ownForm = { place, title: told.done.forms[0].title };
    makePutIn();
  } catch (error) {
    tellTrouble("merge-trouble", error);
  }
}
const FORMS = "/forms/form";

const OUTPUTS = {
  summary: async () => [merged.document.summary, fileName(merged.document.summary)],
  decisions: async () => [merged.document.decisions, fileName(merged.document.decisions)],
  report: async () => {
    await ask("report", { summary: merged.document.summary, page: "report.html" });
    return ["report.html", `${say("browser.file_name_report")}.html`];
  },
  returns: async () => {
    const folder = say("browser.file_name_returns");
    const { files } = await ask("return", { summary: merged.document.summary, folder });
    if (!files.some((one) => one.workbook || one.sent_before)) throw new RefusedError(say("browser.nothing_returned"));
    const { file } = await ask("pack", { paths: [folder], target: "returns.zip" });
    return [file, `${folder}.zip`];
  },
};

function takeOutput(name) {
  return run("take-trouble", async (isOn) => {
    const [path, called] = await OUTPUTS[name]();
    const data = await (await clerk.ready()).ask("read", { path });
    if (isOn()) download(data, called);
  });
}

function fileName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
