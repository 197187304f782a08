// Makes tables sortable by their heads; without it they stand in the order of the page.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const number = (text) => Number(text.replace(/[,%+\s]/g, ""));
  const value = (row, column) => row.cells[column].textContent.trim();
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.tagName === "TD") return; // stands above bars
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === "descending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].sort((one, two) => {
        const [a, b] = [value(one, column), value(two, column)];
        const numbers = a !== "" && b !== "" && !Number.isNaN(number(a)) && !Number.isNaN(number(b));
        const order = numbers ? number(a) - number(b) : a.localeCompare(b, document.documentElement.lang, { numeric: true });
        return up ? order : -order;
      });
      body.append(...rows);
    });
  });
}
