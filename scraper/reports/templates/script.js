"use strict";
// Everything is readable without this. It sorts, filters, copies, follows links to rows, and draws the rows of a
// long table as they are needed: those that wait are in the <template> after it.
(() => {
  const STEP = 200; // rows drawn at once in a long table
  const page = document.documentElement;
  page.classList.add("runs");

  const said = document.getElementById("said");
  const parts = [document, ...[...document.querySelectorAll("template")].map((template) => template.content)];
  for (const box of parts.flatMap((part) => [...part.querySelectorAll(".instead")])) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy ${box.querySelector("a").textContent}`);
    box.append(button);
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const address = button.parentElement.querySelector("a").getAttribute("href");
    const done = await copy(address);
    button.textContent = done ? "Copied" : "Not copied";
    said.textContent = done ? `Copied ${address}` : "The browser does not allow copying";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // no clipboard for this page: the old way, by a selection
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  // A table of which only rows start to end are in the page. `list` is what is left by the filters, in order.
  class Rows {
    constructor(table, eager) {
      this.table = table;
      this.body = table.tBodies[0];
      const waiting = table.parentElement.querySelector("template");
      this.all = [...this.body.rows, ...(waiting ? waiting.content.querySelectorAll("tr") : [])];
      this.long = Boolean(waiting);
      this.byId = new Map(this.all.map((row) => [row.id, row]));
      this.before = this.button("Show the rows before", () => this.draw(Math.max(0, this.start - STEP), this.end));
      this.after = this.button("Show more rows", () => this.draw(this.start, this.end + STEP));
      table.before(this.before);
      table.after(this.after);
      if (this.long && eager) { // nothing comes after it that would be pushed away
        new IntersectionObserver(([seen]) => { if (seen.isIntersecting) this.after.click(); }, { rootMargin: "400px" })
          .observe(this.after);
      }
      this.show(this.all);
    }
    button(text, act) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "more", textContent: text });
      button.addEventListener("click", act);
      return button;
    }
    show(list, around = null) {
      this.list = list;
      const start = this.long && around ? Math.max(0, list.indexOf(around) - 20) : 0;
      this.draw(start, this.long ? start + STEP : list.length);
    }
    draw(start, end) {
      this.start = start;
      this.end = Math.min(end, this.list.length);
      const wanted = this.list.slice(start, this.end);
      const kept = this.body.rows;
      // Rows that only follow those already drawn are added; anything else is drawn anew.
      if (kept.length && kept.length <= wanted.length && kept[0] === wanted[0] && kept[kept.length - 1] === wanted[kept.length - 1]) {
        this.body.append(...wanted.slice(kept.length));
      } else {
        this.body.replaceChildren(...wanted);
      }
      this.before.hidden = start === 0;
      this.after.hidden = this.end === this.list.length;
    }
  }

  const tables = [...document.querySelectorAll("table.papers")].map((table) => new Rows(table, false));
  const linksTable = document.querySelector("table.links");
  if (!linksTable) return;
  const links = new Rows(linksTable, true);
  tables.push(links);

  const order = ["broken", "failing", "moved", "blocked", "unverified", "alive"];
  const cell = (row, at) => row.cells[at].textContent.trim();
  const keys = {
    health: (row) => order.indexOf(row.classList[0]),
    name: (row) => cell(row, 1).toLowerCase(),
    site: (row) => cell(row, 2),
    line: (row) => parseInt(cell(row, 3), 10) || 0,
    trouble: (row) => Number(row.dataset.trouble || 0),
    record: (row) => cell(row, 5),
  };
  const collator = new Intl.Collator("en", { numeric: true });
  const form = document.querySelector(".filters");
  const output = form.querySelector("output");
  const texts = new Map();
  const state = { health: "", site: "", text: "", sort: "", down: "" };

  function text(row) {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  }

  function list() {
    const wanted = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = links.all.filter((row) =>
      (!state.health || row.classList.contains(state.health)) &&
      (!state.site || keys.site(row) === state.site) &&
      wanted.every((word) => text(row).includes(word)));
    const key = keys[state.sort];
    if (!key) return rows;
    const sign = state.down ? -1 : 1;
    return rows.map((row) => [key(row), row])
      .sort(([a], [b]) => sign * (typeof a === "number" ? a - b : collator.compare(a, b)))
      .map(([, row]) => row);
  }

  function refresh(around = null) {
    const rows = list();
    links.show(rows, around);
    output.textContent = rows.length === links.all.length
      ? `${rows.length.toLocaleString("en")} links` : `${rows.length.toLocaleString("en")} of ${links.all.length.toLocaleString("en")} links`;
    for (const name of ["health", "site", "text"]) form.elements[name].value = state[name];
    for (const head of linksTable.tHead.rows[0].cells) {
      if (head.dataset.sort === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  // The state of the filters is the address: #health=broken&site=github. A row's id never holds a `=`.
  function remember() {
    const query = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
    history.replaceState(null, "", `#${query.size ? query : "links"}`);
    refresh();
  }

  function arrive() {
    const hash = location.hash.slice(1);
    document.querySelectorAll("tr.here").forEach((row) => row.classList.remove("here"));
    const query = new URLSearchParams(hash.includes("=") ? hash : "");
    for (const name of Object.keys(state)) state[name] = query.get(name) || "";
    if (hash.includes("=")) {
      refresh();
      document.getElementById("links").scrollIntoView();
      return;
    }
    refresh(links.byId.get(hash));
    const table = tables.find((rows) => hash && rows.byId.has(hash));
    if (!table) return;
    const row = table.byId.get(hash);
    if (!row.isConnected) table.show(table.list, row);
    row.querySelectorAll("details").forEach((details) => { details.open = true; });
    row.classList.add("here");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "center" });
  }

  for (const head of linksTable.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      state.down = state.sort === head.dataset.sort && !state.down ? "1" : "";
      state.sort = head.dataset.sort;
      remember();
    });
  }
  form.addEventListener("input", (event) => { state[event.target.name] = event.target.value; remember(); });
  form.addEventListener("reset", () => { for (const name of Object.keys(state)) state[name] = ""; setTimeout(remember); });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", arrive);
  arrive();
})();
