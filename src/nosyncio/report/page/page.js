// Sorting and the filter. The page is whole without them.
"use strict";

const words = new Intl.Collator("en", { numeric: true });

function keyOf(row, column) {
  const cell = row.cells[column];
  return "key" in cell.dataset ? Number(cell.dataset.key) : cell.textContent;
}

function compare(one, other) {
  return typeof one === "number" ? one - other : words.compare(one, other);
}

function sort(table, column, direction) {
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, (row) => [keyOf(row, column), row]);
  keyed.sort(([one], [other]) => sign * compare(one, other));
  body.append(...keyed.map(([, row]) => row));
  Array.from(table.tHead.rows[0].cells, (head, index) =>
    index === column ? head.setAttribute("aria-sort", direction) : head.removeAttribute("aria-sort"));
}

function makeSortable(table) {
  Array.from(table.tHead.rows[0].cells, (head, column) => {
    const first = head.dataset.first;
    if (!first) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const opposite = { ascending: "descending", descending: "ascending" };
      sort(table, column, opposite[head.getAttribute("aria-sort")] ?? first);
    });
    head.append(button);
  });
}

// Shows the rows of a list that hold every word, and whose band is chosen.
function makeFilter(tools) {
  const rows = Array.from(tools.parentElement.querySelectorAll("tbody tr"));
  const [field] = tools.querySelectorAll("[type=search]");
  const boxes = Array.from(tools.querySelectorAll("[type=checkbox]"));
  const [shown] = tools.querySelectorAll("output");
  let texts;

  function apply() {
    texts ??= rows.map((row) => Array.from(row.cells, (cell) => cell.textContent).join(" ").toLowerCase());
    const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const refused = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
    let number = 0;
    rows.forEach((row, index) => {
      row.hidden = refused.has(row.dataset.band) || !wanted.every((word) => texts[index].includes(word));
      number += !row.hidden;
    });
    shown.textContent = `${number} of ${rows.length}`;
  }

  function look(text) {
    field.value = text;
    for (const box of boxes) box.checked = true;
    apply();
  }

  tools.addEventListener("input", apply);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") look("");
  });
  tools.hidden = false;
  return { rows: new Set(rows), field, look };
}

for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
const filters = Array.from(document.querySelectorAll(".filter"), makeFilter);

// The link of a module leads to its first operation: here to all of them.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#module-']");
  const target = link && document.getElementById(link.hash.slice(1));
  const list = filters.find(({ rows }) => rows.has(target));
  if (!list) return;
  event.preventDefault();
  list.look(link.textContent);
  list.field.scrollIntoView({ block: "start" });
  list.field.focus({ preventScroll: true });
});
