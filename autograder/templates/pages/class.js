// Sorting and searching the table of the class; without a script it is a table all the same.
(() => {
  const table = /** @type {HTMLTableElement} */ (document.querySelector("#class"));
  const search = /** @type {HTMLInputElement} */ (document.querySelector("#search"));
  const found = /** @type {HTMLElement} */ (document.querySelector("#found"));
  const body = table.tBodies[0];
  const headers = [...table.querySelectorAll("thead th")];
  const rows = [...body.rows].map((element, place) => ({
    element,
    place,
    cells: [...element.cells].map((cell) => cell.textContent ?? ""),
    text: (element.textContent ?? "").toLowerCase(),
  }));
  const collator = new Intl.Collator("en", { numeric: true });

  /**
   * Which of two rows stands above; what is empty stands last, whatever the direction.
   * @param {typeof rows[number]} first
   * @param {typeof rows[number]} second
   * @param {number} column
   * @param {number} direction 1 upwards, -1 downwards
   */
  function compare(first, second, column, direction) {
    const [one, other] = [first.cells[column], second.cells[column]];
    if (one === "" || other === "") return Number(one === "") - Number(other === "");
    const difference = Number(one) - Number(other); // NaN where one of them is a word
    const order = Number.isNaN(difference) ? collator.compare(one, other) : difference;
    return direction * order || first.place - second.place;
  }

  /**
   * Sort by a column: the other way round where it is sorted by it already.
   * @param {number} column
   */
  function sortBy(column) {
    const upwards = headers[column].getAttribute("aria-sort") !== "ascending";
    for (const header of headers) header.removeAttribute("aria-sort");
    headers[column].setAttribute("aria-sort", upwards ? "ascending" : "descending");
    rows.sort((first, second) => compare(first, second, column, upwards ? 1 : -1));
    body.replaceChildren(); // to move rows one by one takes seconds where there are thousands
    body.append(...rows.map((row) => row.element));
  }

  /** Show the rows that hold every word. */
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => row.text.includes(word));
      row.element.hidden = !fits;
      shown += Number(fits);
    }
    found.textContent = `${shown} shown`;
  }

  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    button.addEventListener("click", () => sortBy(column));
    header.replaceChildren(button);
  });
  search.addEventListener("input", filter);
  filter();
})();
