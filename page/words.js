// The texts of the page, in the language that is on.
"use strict";

const WORDS = JSON.parse(find("words").textContent);
let language = "zh";

function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

// What stands still is said anew when the language changes; what was made of documents is made anew.
const remade = new Set();

function sayAll() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say("browser.title");
  for (const one of document.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say, { version: VERSION });
  for (const one of document.querySelectorAll("[data-say-label]")) one.setAttribute("aria-label", say(one.dataset.sayLabel));
  for (const make of remade) make();
}

const VERSION = document.querySelector("meta[name=generator]").content.split(" ")[1];

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

function count(number) {
  return number.toLocaleString("en-US");
}
