// How far a run is, and what stopped it.
"use strict";

const INBOX = WORDS.zh["browser.inbox"]; // what the inbox is called, whatever language the page speaks: decisions are named after it

function setProgress(room, done, all, text) {
  const bar = find(`${room}-bar`);
  if (all) bar.value = done / all;
  else bar.removeAttribute("value");
  find(`${room}-step`).textContent = text;
}

// What a traceback ends in: which error it was.
function lastLine(detail) {
  return detail.trim().split("\n").pop();
}

function tellTrouble(id, error, starting = false) {
  const lost = error instanceof LostError;
  if (lost && error.reason === "ended") return;
  if (starting) tell(find(id), say("browser.not_started", { detail: error.detail || error.message }));
  else if (lost && error.reason === "own_error") tell(find(id), say("browser.own_error_work", { error: lastLine(error.detail) }));
  else tell(find(id), lost ? say("browser.lost_work") : String(error.message ?? error));
}
