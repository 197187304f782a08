// Findings as a table, for both doors: what stands in a document of --json, and nothing that it does not say.
"use strict";

const SEVERITIES = ["error", "verify", "hint"];
const STANDS_OPEN = (one) => one.verdict === "failed" && !one.settled;

function tally(findings) {
  const of = (severity) => findings.filter((one) => STANDS_OPEN(one) && one.severity === severity).length;
  return { errors: of("error"), verifies: of("verify"), hints: of("hint") };
}

function badge(state) {
  return element(`span.badge.${state}`, say(`summary.state.${state}`));
}

function makeFindings(findings, name) {
  const shown = findings.filter((one) => one.verdict === "failed");
  shown.sort((one, two) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity));
  const unjudged = findings.length - shown.length;
  const heads = ["browser.level", "browser.cell", "browser.what"].map((key) => element("th", { scope: "col" }, say(key)));
  return [
    shown.length > 0 &&
      element(
        "table.findings",
        element("caption.unseen", say("browser.findings_of", { file: name })),
        element("thead", element("tr", heads)),
        element("tbody", shown.map(makeFinding)),
      ),
    unjudged > 0 && element("p.note", say("browser.unjudged", { count: unjudged })),
  ];
}

function makeFinding(one) {
  return element(
    `tr.${one.settled ? "settled" : one.severity}`,
    element("td.severity", say(`severity.${one.severity}`), one.settled && element("span.note", ` ${say("browser.settled")}`)),
    element("th.cell", { scope: "row" }, one.cell ?? say("browser.whole_file"), element("span.rule", one.id)),
    element("td", element("p", one.message), one.proposal && element("p.proposal", say("browser.proposal", { proposal: one.proposal }))),
  );
}
