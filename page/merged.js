// What a merge told: counts, cases to decide, outputs, and each return.
"use strict";

const AT_A_TIME = 100; // returns shown before more are asked for
let shownFiles = AT_A_TIME;
let shownState = "";

function makeMerged() {
  show("merged", merged !== null);
  if (!merged) return;
  const { document: told } = merged;
  const open = told.cases.filter((one) => one.state === "open").length;
  const marks = [
    ["browser.received", told.counts.received],
    ["browser.accepted", told.counts.accepted],
    ["summary.state.passed", told.counts.passed],
    ["summary.state.errors", told.counts.errors, "bad"],
    ["summary.state.verify", told.counts.verify, "warn"],
    ["summary.state.refused", told.counts.refused, "bad"],
    ["browser.open_cases", open, "warn"],
  ];
  find("marks").replaceChildren(
    ...marks.map(([key, number, tone]) =>
      element(`li${tone && number ? `.${tone}` : ""}`, element("span", say(key)), element("strong", count(number))),
    ),
  );
  makeCases(told.cases);
  makeOutputs();
  shownFiles = AT_A_TIME;
  makeStates();
  makeFileRows();
}
remade.add(makeMerged);

function makeCases(cases) {
  find("decide-note").textContent = say(cases.length ? "browser.decide_note" : "browser.nothing_open");
  show("decide", cases.length > 0);
  find("cases").replaceChildren(...cases.map(makeCase));
}

function makeCase(one, place) {
  const words = merged.words[place];
  const id = `case-${place}`;
  const written = words.find(({ word }) => one.decision === word || (one.decision ?? "").startsWith(word.replace(/[（(].*$/, "")) && one.decision);
  const options = words.map((each) => element("option", { value: each.word, selected: each === written }, each.word));
  const value = element("input", { type: "text", "aria-label": say("browser.value"), placeholder: say("browser.value"), maxlength: "200" });
  value.hidden = true;
  const select = element("select", { id, onchange: () => (value.hidden = !words.find(({ word }) => word === select.value)?.valued) }, element("option", { value: "" }, say("browser.undecided")), options);
  const reason = element("input.why", { type: "text", "aria-label": say("browser.reason"), placeholder: say("browser.reason"), maxlength: "500" });
  reason.value = one.reason ?? "";
  return element(
    "div.case",
    { "data-case": String(place), "data-before": written?.word ?? "" },
    element("p.where", badgeOfCase(one), [one.site, one.file, one.sheet].filter(Boolean).join("　")),
    element("label", { for: id }, one.question),
    one.effect && element("p.note", one.effect),
    one.trouble && element("p.note.bad", one.trouble),
    element("div.buttons", select, value, reason),
  );
}

function badgeOfCase(one) {
  return element(`span.badge.${one.state === "open" ? "verify" : "passed"}`, say(`summary.decisions.${one.state}`));
}

// What stands in a case as it is shown; null where nothing was changed.
function readCase(shown) {
  const place = Number(shown.dataset.case);
  const before = merged.document.cases[place];
  const [value, reason] = shown.querySelectorAll("input");
  const word = shown.querySelector("select").value;
  if (word === shown.dataset.before && reason.value === (before.reason ?? "") && !value.value) return null;
  const decision = value.value && !value.hidden ? word.replace(/[（(].*$/, "") + `（${value.value}）` : word;
  return { case: before, decision, reason: reason.value, who: before.who ?? "" };
}

function makeOutputs() {
  const outputs = [
    ["summary", "browser.out_summary", "browser.out_summary_note"],
    ["returns", "browser.out_returns", "browser.out_returns_note"],
    ["report", "browser.out_report", "browser.out_report_note"],
    ["decisions", "browser.out_decisions", "browser.out_decisions_note"],
  ].filter(([name]) => name !== "decisions" || merged.document.decisions !== null);
  find("outputs").replaceChildren(
    ...outputs.map(([name, title, note]) =>
      element(
        "li",
        element("strong", { id: `out-${name}` }, say(title)),
        element("span.note", say(note)),
        element("button", { type: "button", id: `take-${name}`, onclick: () => takeOutput(name), "aria-describedby": `out-${name}` }, say("browser.download")),
      ),
    ),
  );
}

function makeStates() {
  const counts = new Map();
  for (const state of merged.states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const choose = (state) => () => {
    shownState = state;
    shownFiles = AT_A_TIME;
    makeStates();
    makeFileRows();
  };
  const button = (state, text) => element("button", { type: "button", "aria-pressed": String(shownState === state), onclick: choose(state) }, text);
  if (!counts.has(shownState)) shownState = "";
  find("states").replaceChildren(
    button("", `${say("browser.all_states")} ${count(merged.states.length)}`),
    ...[...counts].map(([state, number]) => button(state, `${say(`summary.state.${state}`)} ${count(number)}`)),
  );
}

function listShown() {
  return merged.document.files.map((file, place) => ({ file, state: merged.states[place], code: merged.codes[place] })).filter(({ state }) => !shownState || state === shownState);
}

function makeFileRows() {
  const shown = listShown();
  find("file-rows").replaceChildren(...shown.slice(0, shownFiles).map(makeFileRow));
  const left = shown.length - shownFiles;
  show("more-files", left > 0);
  find("more-files").textContent = say("browser.more", { count: count(Math.min(left, AT_A_TIME)) });
}

function showMoreFiles() {
  const shown = listShown();
  find("file-rows").append(...shown.slice(shownFiles, shownFiles + AT_A_TIME).map(makeFileRow));
  shownFiles += AT_A_TIME;
  const left = shown.length - shownFiles;
  show("more-files", left > 0);
  find("more-files").textContent = say("browser.more", { count: count(Math.min(left, AT_A_TIME)) });
}

function makeFileRow({ file, state, code }) {
  const name = [file.file, file.member, file.sheet].filter(Boolean).join(" › ");
  const counts = tally(file.findings);
  const number = counts.errors + counts.verifies + counts.hints;
  const details = number > 0 && element("details", element("summary", name));
  if (details) details.addEventListener("toggle", () => details.children.length === 1 && details.append(...makeFindings(file.findings, name).filter(Boolean)));
  return element(
    "tr",
    element("td", badge(state)),
    element("th", { scope: "row" }, details || name, file.reason && element("p.note", file.reason)),
    element("td.code", code),
    element("td.figure", { "data-label": say("browser.count_findings") }, number ? count(number) : ""),
  );
}
