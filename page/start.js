// The page begins here: its doors, its language, its first worker.
"use strict";

const DOORS = ["check", "merge"];

function openDoor(name) {
  for (const door of DOORS) {
    find(`door-${door}`).setAttribute("aria-selected", String(door === name));
    find(`door-${door}`).tabIndex = door === name ? 0 : -1;
    show(`room-${door}`, door === name);
  }
}

for (const [place, name] of DOORS.entries()) {
  const door = find(`door-${name}`);
  door.addEventListener("click", () => openDoor(name));
  door.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -place, End: DOORS.length - 1 - place }[event.key];
    if (step === undefined) return;
    const next = DOORS[(place + step + DOORS.length) % DOORS.length];
    openDoor(next);
    find(`door-${next}`).focus();
    event.preventDefault();
  });
}

find("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  sayAll();
});

makeDropPlace("drop-check", checkFiles);
find("check-clear").addEventListener("click", clearChecked);
find("check-print").addEventListener("click", () => {
  for (const one of document.querySelectorAll("details.read")) one.open = true;
  print();
});
find("check-cancel").addEventListener("click", () => {
  checkRun++;
  checker.cancel();
  show("check-progress", false);
  tell(find("check-trouble"), say("browser.cancelled"));
});

makeDropPlace("drop-merge", putIn);
find("merge-start").addEventListener("click", () => mergeAll());
find("merge-clear").addEventListener("click", clearMerged);
find("merge-cancel").addEventListener("click", cancelMerging);
find("decide").addEventListener("click", applyDecisions);
find("bring-decisions").addEventListener("change", ({ target }) => bringDecisions(chosen(target)[0]));
find("own-form").addEventListener("change", ({ target }) => bringForm(chosen(target)));
find("more-files").addEventListener("click", showMoreFiles);

sayAll();
openDoor("check");
checker.ready().then(
  () => tell(find("readiness"), say("browser.ready")),
  (error) => tellTrouble("check-trouble", error, true),
);
