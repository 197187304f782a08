"use strict";
// Fill in cells and save with xlsx-populate, which knows xlsx alone.

const XlsxPopulate = require("xlsx-populate");
const job = require("./job");

async function main() {
  const book = await XlsxPopulate.fromFileAsync(job.source);
  for (const { sheet, cell, value } of job.entries) {
    book.sheet(sheet).cell(cell).value(value);
  }
  await book.toFileAsync(job.target);
}

main();
