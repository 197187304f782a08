"use strict";
// Fill in cells and save with ExcelJS, which knows xlsx alone.

const ExcelJS = require("exceljs");
const job = require("./job");

async function main() {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(job.source);
  for (const { sheet, cell, value } of job.entries) {
    book.getWorksheet(sheet).getCell(cell).value = value;
  }
  await book.xlsx.writeFile(job.target);
}

main();
