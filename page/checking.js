// The filler's door: a workbook in, its findings and what was read of it out.
"use strict";

const checker = new Desk();
const checked = []; // {file, told, sha256} or {file, lost}
let checkRun = 0; // which run is on; what an earlier one still says is not heard

async function checkFiles(files) {
  const run = ++checkRun;
  tell(find("check-trouble"), "");
  const inbox = listed(addFiles(new Map(), files));
  show("check-progress", true);
  try {
    await checker.lay("inbox", INBOX, inbox);
    for (const [place, { path, file }] of inbox.entries()) {
      setProgress("check", place, inbox.length, say("browser.checking", { file: path }));
      const found = await checkOne(path, file);
      if (run !== checkRun) return;
      checked.unshift(found);
      makeChecked();
    }
  } catch (error) {
    if (run === checkRun) tellTrouble("check-trouble", error);
  } finally {
    if (run === checkRun) show("check-progress", false);
  }
}

async function checkOne(path, file) {
  try {
    const told = await checker.askShortly({ do: "check", files: [path], below: INBOX, today: today() });
    return { file, path, told, sha256: await sha256(file), day: today() };
  } catch (error) {
    if (!(error instanceof LostError) || error.reason === "ended") throw error;
    return { file, path, lost: true, own: error.reason === "own_error" ? lastLine(error.detail) : "" };
  }
}

function makeChecked() {
  find("checked").replaceChildren(...checked.map(makeCheckedFile).flat());
  show("check-done", checked.length > 0);
}
remade.add(makeChecked);

function makeCheckedFile(one) {
  if (one.lost) {
    const words = one.own ? say("browser.own_error", { file: one.path, error: one.own }) : say("browser.lost_file", { file: one.path });
    return makeSheet(one.path, "refused", element("p.lost", words));
  }
  if (one.told.failed) return makeSheet(one.path, "refused", one.told.failed[language].map((line) => element("p", line)));
  const { document, states, read } = one.told.done;
  return document.files.map((file, place) => makeReceipt(one, file, states[place], read[place]));
}

function makeSheet(name, state, ...content) {
  return element(`article.sheet.${state}`, element("header", badge(state), element("h2", name)), content);
}

function makeReceipt(one, file, state, read) {
  const name = [one.path, file.member, file.sheet].filter(Boolean).join(" › ");
  const counts = tally(file.findings);
  const clean = counts.errors + counts.verifies === 0 && file.status !== "refused" && file.status !== "ignored";
  const facts = [
    [say("browser.sha256"), one.sha256],
    [say("browser.checked_on"), one.day],
  ].filter(([, value]) => value);
  return makeSheet(
    name,
    state,
    element("p.printed.title", say("browser.receipt"), read ? `　${read.title}` : ""),
    file.reason && element("p.reason", file.reason),
    element(clean ? "p.verdict.good" : "p.verdict", say(clean ? (counts.hints ? "browser.only_hints" : "browser.none_wrong") : "browser.to_mend", counts)),
    makeFindings(file.findings, name),
    makeChanges(file.changes, read),
    makeExplanations(file.explanations, read),
    read && makeRead(read),
    element("dl.facts", facts.map(([label, value]) => element("div", element("dt", label), element("dd", value)))),
  );
}

function labelOf(read, key) {
  return read?.labels[key] ?? read?.labels[key.split(/[.[]/)[0]] ?? key;
}

function makeChanges(changes, read) {
  if (!changes.length) return null;
  const heads = ["browser.item", "browser.written", "browser.taken_as"].map((key) => element("th", { scope: "col" }, say(key)));
  const rows = changes.map((one) =>
    element("tr", element("th", { scope: "row" }, labelOf(read, one.key)), element("td", String(one.raw ?? "")), element("td", String(one.value ?? ""))),
  );
  return element("section", element("h3", say("browser.changes")), element("table", element("thead", element("tr", heads)), element("tbody", rows)));
}

function makeExplanations(explanations, read) {
  const found = Object.entries(explanations);
  if (!found.length) return null;
  const rows = found.map(([key, text]) => element("div", element("dt", labelOf(read, key)), element("dd", text)));
  return element("section", element("h3", say("browser.explanations")), element("dl", rows));
}

function makeRead(read) {
  const around = (lines) => lines.length > 0 && element("dl", lines.map((line) => element("div", element("dt", line.label), element("dd", line.value))));
  return element(
    "details.read",
    element("summary", say("browser.values")),
    around(read.header),
    read.parts.map((part) => [
      element("h3", [part.number, part.label].filter(Boolean).join("、")),
      part.blocks.map((block) => [block.label && element("h4", `${block.number} ${block.label}`), element("dl", block.lines.map(makeLine))]),
      part.tables.map(makeTable),
    ]),
    around(read.footer),
  );
}

function makeLine({ number, label, answer }) {
  return element("div", element("dt", `${number} ${label}`.trim()), element(answer.figure ? "dd.figure" : "dd", makeAnswer(answer)));
}

function makeAnswer(answer) {
  if (!answer.text) return element("span.note", say("browser.blank"));
  return answer.unit ? `${answer.text} ${answer.unit}` : answer.text;
}

function makeTable(table) {
  return element(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": table.label },
    element(
      "table",
      element("caption", `${table.number} ${table.label}`.trim()),
      element("thead", element("tr", table.heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", table.rows.map((row) => element("tr", row.map((answer) => element(answer.figure ? "td.figure" : "td", makeAnswer(answer)))))),
    ),
  );
}

function clearChecked() {
  checked.length = 0;
  makeChecked();
}
