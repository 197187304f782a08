"use strict";
// Fill in cells and save with SheetJS; the suffix of the target says the format: xlsx, xls or ods.

const { extname } = require("node:path");
const XLSX = require("xlsx");
const job = require("./job");

const TYPES = { string: "s", number: "n", boolean: "b" };
const FORMATS = { ".xlsx": "xlsx", ".xls": "biff8", ".ods": "ods", ".fods": "fods" };

const book = XLSX.readFile(job.source, { cellStyles: true, cellNF: true });
for (const { sheet, cell, value } of job.entries) {
  book.Sheets[sheet][cell] = { ...book.Sheets[sheet][cell], t: TYPES[typeof value], v: value, w: undefined };
}
XLSX.writeFile(book, job.target, { bookType: FORMATS[extname(job.target)], cellStyles: true });
