// Makes what the page shows; a text is always a text, never markup.
"use strict";

// element("p.note", {lang: "zh"}, "text", child): attributes may be left out; what is null or false is left away.
function element(shape, ...rest) {
  const [name, ...classes] = shape.split(".");
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(" ");
  const [first] = rest;
  const has = first !== null && typeof first === "object" && !(first instanceof Node) && !Array.isArray(first);
  for (const [key, value] of Object.entries(has ? rest.shift() : {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && typeof value !== "string") made[key] = value;
    else if (value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...rest.flat(9).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

function find(id) {
  return document.getElementById(id);
}

function show(id, visible) {
  find(id).hidden = !visible;
}
