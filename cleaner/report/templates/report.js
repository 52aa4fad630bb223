"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const documents = all("details.doc");
  const form = one("#filter");
  const card = one("#card");
  const said = one("#said");
  const rule = (index) => one(`#r${Number(index)}`).dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

  let timer = 0;
  const say = (text) => {
    said.textContent = text;
    said.classList.add("on");
    clearTimeout(timer);
    timer = setTimeout(() => said.classList.remove("on"), 4000);
  };

  // ---- TOML ----

  // JSON strings are TOML basic strings, but for DEL, which TOML wants escaped.
  const quoted = (text) => JSON.stringify(text).replace(/\x7f/g, "\\u007f");
  const remark = (text) => text.replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, " ");
  const short = (text, most) => (text.length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

  const textOf = (line, without) => {
    const read = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (without.some((name) => node.classList.contains(name))) return "";
      if (node.dataset.c !== undefined) return node.dataset.c.split(" ").filter(Boolean).map((code) => String.fromCodePoint(parseInt(code, 16))).join("");
      return [...node.childNodes].map(read).join("");
    };
    return [...one(".t", line).childNodes].map(read).join("");
  };
  const before = (line) => textOf(line, ["former"]);
  const after = (line) => textOf(line, ["former", "gone"]);

  const rulesOf = (line) => all(".chip", line).map((chip) => rule(chip.dataset.r));
  const remover = (line) => rulesOf(line).find((each) => !each.name.startsWith("repair/"));
  const isTaken = (line) => one("del.gone", line) !== null;
  const sameRule = (line, name) => isTaken(line) && remover(line)?.name === name;

  const diffBlock = (lines) => {
    const text = lines.map((each) => (each.trim() ? `  ${each}` : "")).join("\n");
    const plain = !/'''|[\x00-\x08\x0b-\x1f\x7f]/.test(text) && !text.endsWith("'");
    return plain ? `'''\n${text}\n'''` : quoted(text);
  };

  const keepExample = (line, lines) => {
    const { name, file } = remover(line);
    const at = lines.indexOf(line);
    let low = at;
    let high = at;
    while (low > 0 && sameRule(lines[low - 1], name)) low -= 1;
    while (high + 1 < lines.length && sameRule(lines[high + 1], name)) high += 1;
    for (let step = 0; step < 3 && low > 0 && !sameRule(lines[low - 1], name) && !isCut(lines[low - 1]); step += 1) low -= 1;
    for (let step = 0; step < 3 && high + 1 < lines.length && !sameRule(lines[high + 1], name) && !isCut(lines[high + 1]); step += 1) high += 1;
    const language = line.closest(".doc").dataset.language;
    return [
      `# a keep example: paste it below the rule ${remark(name)}${file ? ` in ${remark(file)}` : ""}`,
      "[[rule.example]]",
      `name = ${quoted(`stays: ${short(before(line).trim(), 80)}`)}`,
      ...(/^[a-z]{2,3}$/.test(language) && language !== "und" ? [`language = ${quoted(language)}`] : []),
      `diff = ${diffBlock(lines.slice(low, high + 1).map(before))}`,
      "",
    ].join("\n");
  };

  const isCut = (line) => line.dataset.cut !== undefined;
  const folded = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();
  const slug = (text, number) => {
    const words = text.normalize("NFKD").toLowerCase().match(/[a-z0-9]+/g) || [];
    return words.slice(0, 5).join("-").slice(0, 50).replace(/-+$/, "") || `line-${number}`;
  };

  const matchRule = (line, lines) => {
    const text = after(line).trim();
    const at = lines.indexOf(line);
    const other = (each) => each !== line && !isTaken(each) && !isCut(each) && /\p{L}/u.test(after(each)) && folded(after(each)) !== folded(text);
    const near = lines.filter(other).sort((a, b) => Math.abs(lines.indexOf(a) - at) - Math.abs(lines.indexOf(b) - at))[0];
    const keep = near ? after(near).trim() : "A sentence that comes close and stays.";
    return [
      "[[rule]]",
      `id = ${quoted(slug(text, line.dataset.n))}`,
      `summary = ${quoted(`The line '${short(text, 120)}'`)}`,
      'kind = "line"',
      `exact = ${quoted(text)}`,
      'action = "drop"',
      'level = "balanced"',
      `source = ${quoted(line.closest(".doc").dataset.source || "a document without a name")}`,
      `match = [${quoted(text)}]`,
      `keep = [${quoted(keep)}]`,
      "",
    ].join("\n");
  };

  const HEAD = '[pack]\nid = "mine"\nsummary = "What these artifacts have in common"\nsource = "Which software or site prints them"\n\n';

  const copy = async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
      say(`Copied: ${what}`);
    } catch {
      const dialog = one("#manual");
      const area = one("textarea", dialog);
      area.value = text;
      dialog.showModal();
      area.select();
    }
  };

  const copyLine = (line) => {
    const lines = all(".line", line.closest(".text"));
    if (isTaken(line)) copy(keepExample(line, lines), "a keep example for the rule");
    else copy(matchRule(line, lines), "a rule for this line");
  };

  const equip = (doc) => {
    if (doc.dataset.ready) return;
    doc.dataset.ready = "yes";
    for (const line of all(".line", doc)) {
      if (!one(".t", line).textContent.trim() || isCut(line) || (isTaken(line) && !remover(line))) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = isTaken(line) ? "keep" : "rule";
      button.title = isTaken(line) ? "Copy a keep example: this line should stay" : "Copy a rule: this line should go";
      button.setAttribute("aria-label", button.title);
      button.tabIndex = line.classList.contains("kept") ? -1 : 0;
      line.append(button);
      line.tabIndex = -1;
    }
  };

  // ---- what a rule is, on hover, focus or tap ----

  const showCard = (chip) => {
    const about = rule(chip.dataset.r);
    const note = chip.closest(".line")?.dataset.note;
    const parts = [["strong", about.name], ["p", about.summary]];
    if (about.level) parts.push(["p", `${about.action} from level ${about.level} on`]);
    if (note) parts.push(["p", `Evidence: ${note}`]);
    if (about.source) parts.push(["small", `Source: ${about.source}`]);
    if (about.file) parts.push(["small", `File: ${about.file}`]);
    card.replaceChildren(...parts.map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })));
    card.hidden = false;
    const at = chip.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
    const below = at.bottom + 6 + size.height < innerHeight;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? at.bottom + 6 : at.top - size.height - 6) + scrollY}px`;
    chip.setAttribute("aria-describedby", "card");
  };
  const hideCard = () => {
    card.hidden = true;
    all("[aria-describedby=card]").forEach((chip) => chip.removeAttribute("aria-describedby"));
  };
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => {
      const chip = event.target.closest(".chip");
      if (chip) showCard(chip);
      else if (!event.target.closest("#card")) hideCard();
    });

  // ---- filters ----

  const words = (value) => value.split(" ").filter(Boolean);
  const fill = (name, values, label) => {
    const select = form.elements[name];
    for (const value of [...new Set(values)].filter(Boolean).sort((a, b) => (label(a) < label(b) ? -1 : 1)))
      select.append(new Option(label(value), value));
    select.closest("label").hidden = select.options.length < 2;
  };
  const name = (index) => rule(index).name;
  fill("rule", documents.flatMap((doc) => words(doc.dataset.rules)), name);
  fill("flag", documents.flatMap((doc) => words(doc.dataset.flags)), name);
  fill("site", documents.map((doc) => doc.dataset.site), String);
  fill("language", documents.map((doc) => doc.dataset.language), String);

  const fits = (doc, wanted) =>
    (!wanted.rule || words(doc.dataset.rules).includes(wanted.rule)) &&
    (!wanted.flag || words(doc.dataset.flags).includes(wanted.flag)) &&
    (!wanted.site || doc.dataset.site === wanted.site) &&
    (!wanted.language || doc.dataset.language === wanted.language) &&
    (!wanted.words || doc.textContent.toLowerCase().includes(wanted.words.toLowerCase()));

  const filter = () => {
    const wanted = Object.fromEntries(new FormData(form));
    let count = 0;
    for (const doc of documents) {
      doc.hidden = !fits(doc, wanted);
      count += doc.hidden ? 0 : 1;
    }
    document.body.dataset.view = wanted.view || "changes";
    one("#shown").textContent = count;
    one("#none").hidden = count > 0 || documents.length === 0;
    all(".line.wanted").forEach((line) => line.classList.remove("wanted"));
    if (wanted.rule) all(`.line .chip[data-r="${Number(wanted.rule)}"]`).forEach((chip) => chip.closest(".line").classList.add("wanted"));
    say(`${count} ${count === 1 ? "document" : "documents"}`);
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));

  const showRule = (index) => {
    form.reset();
    form.elements.rule.value = index;
    filter();
    one("#documents").scrollIntoView({ behavior: still });
    const first = documents.find((doc) => !doc.hidden);
    if (first) {
      first.open = true;
      one("summary", first).focus({ preventScroll: true });
    }
  };
  for (const button of all("[data-show]"))
    button.hidden = ![...form.elements.rule.options].some((option) => option.value === button.dataset.show);

  // ---- the table of rules: search, sort, the first dozen ----

  const table = one("#rule-table");
  const rows = all("tbody tr[id]", table);
  const MOST = matchMedia("(max-width: 44rem)").matches ? 5 : 12;
  let every = rows.length <= MOST;
  const showRows = () => {
    const wanted = one("#rule-filter input").value.toLowerCase();
    let count = 0;
    for (const row of all("tbody tr[id]", table)) {
      const fitting = `${row.dataset.name} ${row.dataset.summary}`.toLowerCase().includes(wanted);
      row.hidden = !fitting || (!every && !wanted && count >= MOST);
      count += fitting ? 1 : 0;
    }
    one("#all-rules").hidden = every || Boolean(wanted);
  };
  const valueOf = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const digits = text.replace(/[,\s\u00a0%]/g, "");
    return /^-?[\d.]+$/.test(digits) ? Number(digits) : text === "–" ? -1 : text.toLowerCase();
  };
  all("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") !== "descending" && (column > 1 || head.getAttribute("aria-sort") === "ascending");
      all("thead th", table).forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      one("tbody", table).append(...[...rows].sort((a, b) => compare(valueOf(a, column), valueOf(b, column)) * (down ? -1 : 1)));
      showRows();
    });
  });
  one("#rule-filter input").addEventListener("input", showRows);
  one("#all-rules").addEventListener("click", () => { every = true; showRows(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const goal = link && link.hash.length > 1 && document.getElementById(link.hash.slice(1));
    if (!goal) return;
    if (goal.matches("#rule-table tr") && goal.hidden) { every = true; one("#rule-filter input").value = ""; showRows(); }
    if (goal.matches("details.doc")) { form.reset(); filter(); equip(goal); goal.open = true; }
  });

  // ---- clicks and keys ----

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button");
    if (!target) return;
    if (target.classList.contains("copy")) copyLine(target.closest(".line"));
    else if (target.classList.contains("chip")) showCard(target);
    else if (target.dataset.show) showRule(target.dataset.show);
    else if (target.dataset.close !== undefined) target.closest("dialog").close();
    else if (target.id === "keys") one("#help").showModal();
    else if (target.id === "head") copy(HEAD, "the head of a pack");
    else if (target.id === "theme") {
      const dark = getComputedStyle(document.documentElement).getPropertyValue("--dark").trim() === "1";
      document.documentElement.dataset.theme = dark ? "light" : "dark";
    }
  });
  for (const doc of documents) {
    one("summary", doc).addEventListener("click", () => equip(doc)); // the event `toggle` comes later
    doc.addEventListener("toggle", () => doc.open && equip(doc));
  }

  const visible = (element) => element.offsetParent !== null;
  const go = (elements, step) => {
    const here = document.activeElement;
    const at = elements.findIndex((each) => each === here || each.contains(here));
    const passed = (each) => each.compareDocumentPosition(here) & (step > 0 ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING);
    const next = at >= 0 ? elements[at + step] : here === document.body ? elements[step > 0 ? 0 : -1] : (step > 0 ? elements : [...elements].reverse()).find(passed);
    if (!next) return;
    const fold = next.closest("details.fold");
    if (fold) fold.open = true;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center", behavior: still });
  };
  const summaries = () => documents.filter((doc) => !doc.hidden).map((doc) => one("summary", doc));
  const changed = () => all("details.doc[open]:not([hidden]) .line:is(.removed, .changed, .flagged)").filter((line) => line.tabIndex === -1 && visible(line));
  const keys = {
    j: () => go(summaries(), 1),
    k: () => go(summaries(), -1),
    o: () => {
      const doc = document.activeElement.closest("details.doc");
      if (!doc) return;
      equip(doc);
      doc.open = !doc.open;
    },
    n: () => go(changed(), 1),
    p: () => go(changed(), -1),
    c: () => {
      const line = document.activeElement.closest(".line");
      if (line && one(".copy", line)) copyLine(line);
    },
    "/": () => form.elements.words.focus(),
    "?": () => one("#help").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideCard();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    const line = event.target.closest(".line");
    if (line && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      go(all(".line[tabindex]", line.closest(".text")).filter(visible), event.key === "ArrowDown" ? 1 : -1);
    } else if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  for (const element of [form, one("#theme"), one("#keys"), one("#rule-filter")]) element.hidden = false;
  showRows();
  const asked = documents.find((doc) => `#${doc.id}` === location.hash);
  if (asked) asked.open = true;
})();
