// Prints every cell of workbooks as a JavaScript library reads them: a list of {sheet: {address: value}} as JSON.
// Usage: node cells.js exceljs|xlsx FILE... Dates are printed as ISO 8601 to the second, errors as their name.
"use strict";

function plain(value) {
  if (value instanceof Date) {
    // Serial dates are fractions of a day, which may come out a millisecond short.
    return new Date(Math.round(value.getTime() / 1000) * 1000).toISOString().slice(0, 19);
  }
  return value;
}

async function readByExceljs(file) {
  const { Workbook } = require("exceljs");
  const workbook = new Workbook();
  await workbook.xlsx.readFile(file);
  const sheets = {};
  for (const sheet of workbook.worksheets) {
    const cells = (sheets[sheet.name] = {});
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        const content = cell.formula ? cell.result : cell.value;
        cells[cell.address] = plain(content?.error ?? content);
      }),
    );
  }
  return sheets;
}

function readBySheetjs(file) {
  const workbook = require("xlsx").readFile(file, { cellDates: true });
  const sheets = {};
  for (const name of workbook.SheetNames) {
    const cells = (sheets[name] = {});
    for (const [address, cell] of Object.entries(workbook.Sheets[name])) {
      if (!address.startsWith("!")) cells[address] = plain(cell.t === "e" ? cell.w : cell.v);
    }
  }
  return sheets;
}

async function main([library, ...files]) {
  const read = { exceljs: readByExceljs, xlsx: readBySheetjs }[library];
  const found = [];
  for (const file of files) found.push(await read(file));
  process.stdout.write(JSON.stringify(found));
}

main(process.argv.slice(2));
