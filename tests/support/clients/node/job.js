"use strict";
// The job of a run: JSON on standard input, {"source": path, "target": path, "entries": [{"sheet", "cell", "value"}]}.

const { readFileSync } = require("node:fs");

module.exports = JSON.parse(readFileSync(0, "utf-8"));
