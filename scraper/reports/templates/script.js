"use strict";
// Everything is readable without this. It sorts, filters, copies, follows links to rows, and draws the rows of a
// long table as they are needed: those that wait stand as text in a <script type="text/html"> after it, for making
// nodes of ten thousand rows takes a second, and looking through their text hundredths of one.
(() => {
  const STEP = 200; // rows drawn at once in a long table
  const ORDER = ["broken", "failing", "moved", "blocked", "unverified", "alive"];
  const collator = new Intl.Collator("en", { numeric: true });
  document.documentElement.classList.add("runs");

  const said = document.getElementById("said");
  function addCopyButtons(root) {
    for (const box of root.querySelectorAll(".instead")) {
      const what = box.querySelector("a, code");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
      button.setAttribute("aria-label", `Copy ${what.getAttribute("href") || what.textContent}`);
      box.append(button);
    }
  }
  addCopyButtons(document);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const what = button.parentElement.querySelector("a, code");
    const text = what.getAttribute("href") || what.textContent;
    const done = await copy(text);
    button.textContent = done ? "Copied" : "Not copied";
    said.textContent = done ? `Copied ${text}` : "The browser does not allow copying";
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

  // What a row that waited lacks, until it is drawn.
  function dress(row) {
    addCopyButtons(row);
    const strip = row.querySelector("svg[data-strip]");
    if (strip) {
      const symbol = document.getElementById(`strip-${strip.dataset.strip}`);
      strip.setAttribute("width", symbol.viewBox.baseVal.width * 4);
      strip.setAttribute("role", "img");
      strip.setAttribute("aria-label", symbol.dataset.told);
      strip.append(document.createElementNS(strip.namespaceURI, "use"));
      strip.firstChild.setAttribute("href", `#${symbol.id}`);
    }
    if (!row.id || row.querySelector(".self")) return;
    const self = Object.assign(document.createElement("a"), { className: "self", href: `#${row.id}`, textContent: "#" });
    self.setAttribute("aria-label", "Link to this row");
    row.cells[1].prepend(self);
  }

  // A row of a table: what filters and order ask of it, and the node, made when it is drawn.
  const ENTITIES = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };
  const decoded = (text) => text.replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => ENTITIES[name]);
  const wordsOf = (html) => decoded(html.replace(/<[^>]*>/g, " "));

  class Row {
    constructor(node, html) {
      this.made = node;
      this.html = html;
      this.id = node ? node.id : decoded((/^<tr id="([^"]*)"/.exec(html) || ["", ""])[1]);
    }
    get node() {
      if (!this.made) {
        const holder = document.createElement("template");
        holder.innerHTML = this.html;
        this.made = holder.content.firstElementChild;
        if (this.made.id) dress(this.made);
        else addCopyButtons(this.made);
      }
      return this.made;
    }
    get cells() {
      if (!this.texts) this.texts = this.html.split("<td>").slice(1).map((cell) => wordsOf(cell).trim());
      return this.texts;
    }
    cell(at) {
      return this.html === null ? this.made.cells[at].textContent.trim() : this.cells[at];
    }
    attribute(name) {
      if (this.html === null) return this.made.getAttribute(name) || "";
      const found = new RegExp(` ${name}="([^"]*)"`).exec(this.html.slice(0, this.html.indexOf(">")));
      return found ? decoded(found[1]) : "";
    }
    get health() { return this.attribute("class").split(" ")[0]; }
    get finding() {
      if (this.html !== null) return decoded((/class="why">([^<]*)</.exec(this.html) || ["", ""])[1]);
      return (this.made.querySelector(".why") || { textContent: "" }).textContent;
    }
    get text() {
      if (this.lower === undefined) {
        this.lower = (this.html === null ? this.made.textContent : this.cells.join(" ")).toLowerCase();
      }
      return this.lower;
    }
  }

  // A table with its filters. Of a long one only the rows from `start` to `end` of `list` are in the page; `list`
  // is what the filters leave, in order. Its state is part of the address: #health=broken&sort=4.
  class Table {
    constructor(form) {
      this.form = form;
      this.name = form.dataset.table;
      this.prefix = this.name === "links" ? "" : `${this.name}-`;
      this.table = document.getElementById(`${this.name}-table`);
      this.body = this.table.tBodies[0];
      const waiting = this.table.parentElement.querySelector('script[type="text/html"]');
      const texts = waiting ? waiting.textContent.split(/(?=<tr[ >])/).filter((text) => text.startsWith("<tr")) : [];
      this.all = [...[...this.body.rows].map((node) => new Row(node, null)), ...texts.map((text) => new Row(null, text))];
      this.long = Boolean(waiting);
      this.byId = new Map(this.all.filter((row) => row.id).map((row) => [row.id, row]));
      this.fields = [...form.elements].filter((field) => field.name);
      this.state = Object.fromEntries([...this.fields.map((field) => [field.name, ""]), ["sort", ""], ["down", ""]]);
      this.before = this.button("Show the rows before", () => this.draw(Math.max(0, this.start - STEP), this.end));
      this.after = this.button("Show more rows", () => this.draw(this.start, this.end + STEP));
      this.table.before(this.before);
      this.table.after(this.after);
      this.heads = [...this.table.tHead.rows[0].cells];
      this.heads.forEach((head, at) => { if (head.dataset.sort) this.makeSortable(head, at); });
      form.addEventListener("input", (event) => this.set(event.target));
      form.addEventListener("reset", () => setTimeout(() => { this.clear(); remember(); }));
      form.addEventListener("submit", (event) => event.preventDefault());
    }
    button(text, act) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "more", textContent: text });
      button.addEventListener("click", act);
      return button;
    }
    makeSortable(head, at) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        this.state.down = this.state.sort === String(at) && !this.state.down ? "1" : "";
        this.state.sort = String(at);
        remember();
      });
    }
    set(field) {
      this.state[field.name] = field.type === "checkbox" ? (field.checked ? field.value : "") : field.value;
      remember();
    }
    clear() {
      for (const name of Object.keys(this.state)) this.state[name] = "";
    }
    value(row, name) {
      if (name === "health" || name === "finding") return row[name];
      const column = { site: 3, decision: 2, presentation: 3, licence: 7 }[name];
      return column ? row.cell(column) : row.attribute(`data-${name}`);
    }
    kept() {
      const words = (this.state.text || "").toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = this.fields.map((field) => field.name).filter((name) => name !== "text" && this.state[name])
        .map((name) => [name, this.state[name].split("|")]);
      return this.all.filter((row) =>
        chosen.every(([name, wanted]) => this.value(row, name).split("|").some((value) => wanted.includes(value))) &&
        words.every((word) => row.text.includes(word)));
    }
    key(row, at, kind) {
      if (kind === "health") return ORDER.indexOf(row.health);
      if (kind === "trouble") return Number(row.attribute("data-trouble"));
      const text = row.cell(at);
      if (kind === "number") return text === "" ? null : parseFloat(text.replaceAll(",", ""));
      return text === "" ? null : text.replace(/^#/, "").toLowerCase();
    }
    // What is empty comes last, up or down.
    sorted(rows) {
      const head = this.heads[Number(this.state.sort)];
      if (!this.state.sort || !head) return rows;
      const sign = this.state.down ? -1 : 1;
      return rows.map((row) => [this.key(row, head.cellIndex, head.dataset.sort), row])
        .sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          return sign * (typeof a === "number" ? a - b : collator.compare(a, b));
        })
        .map(([, row]) => row);
    }
    refresh(around = null) {
      this.list = this.sorted(this.kept());
      const start = this.long && around ? Math.max(0, this.list.indexOf(around) - 20) : 0;
      this.draw(start, this.long ? start + STEP : this.list.length);
      const number = (count) => count.toLocaleString("en");
      const noun = this.form.dataset.noun + (this.all.length === 1 ? "" : "s");
      this.form.querySelector("output").textContent = this.list.length === this.all.length
        ? `${number(this.list.length)} ${noun}` : `${number(this.list.length)} of ${number(this.all.length)} ${noun}`;
      for (const field of this.fields) {
        if (field.type === "checkbox") field.checked = this.state[field.name] === field.value;
        else field.value = this.state[field.name];
      }
      this.heads.forEach((head, at) => {
        if (this.state.sort === String(at)) head.setAttribute("aria-sort", this.state.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }
    draw(start, end) {
      this.start = start;
      this.end = Math.min(end, this.list.length);
      const wanted = this.list.slice(start, this.end).map((row) => row.node);
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
    reveal(id) {
      if (!this.byId.get(id).node.isConnected) this.refresh(this.byId.get(id));
      const row = this.byId.get(id).node;
      row.querySelectorAll("details").forEach((details) => { details.open = true; });
      row.classList.add("here");
      row.tabIndex = -1;
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "center" });
    }
  }

  const tables = [...document.querySelectorAll("form[data-table]")].map((form) => new Table(form));

  // A row's id never holds a `=`, so an address with one is the state of the tables.
  function remember() {
    const query = new URLSearchParams(tables.flatMap((table) => Object.entries(table.state)
      .filter(([, value]) => value).map(([name, value]) => [table.prefix + name, value])));
    history.replaceState(null, "", query.size ? `#${query}` : location.pathname + location.search);
    tables.forEach((table) => table.refresh());
  }

  function arrive() {
    let hash = location.hash.slice(1);
    try { hash = decodeURIComponent(hash); } catch { /* a stray % is part of a name */ }
    document.querySelectorAll("tr.here").forEach((row) => row.classList.remove("here"));
    const query = new URLSearchParams(hash.includes("=") ? location.hash.slice(1) : "");
    for (const table of tables) {
      for (const name of Object.keys(table.state)) table.state[name] = query.get(table.prefix + name) || "";
      table.refresh(table.byId.get(hash));
    }
    if (hash.includes("=")) {
      const first = tables.find((table) => Object.values(table.state).some(Boolean));
      if (first) first.form.scrollIntoView();
      return;
    }
    const holder = tables.find((table) => hash && table.byId.has(hash));
    if (holder) holder.reveal(hash);
    const target = hash && document.getElementById(hash);
    if (target && target.tagName === "DETAILS") target.open = true;
  }

  window.addEventListener("hashchange", arrive);
  if (tables.length) arrive();
})();
