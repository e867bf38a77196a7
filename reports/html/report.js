"use strict";
// All that is told stands in the page without this script, too. It adds a filter, tabs,
// buttons to copy with, and opens what an address leads to. What is told of a check is in
// a noscript element, of which elements are made once it is opened: that keeps a page of
// hundreds of exchanges light.
const all = (selector, of = document) => [...of.querySelectorAll(selector)];
const checks = all(".check");
const make = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

// unfold makes what is told of a check.
function unfold(check) {
  const folded = check.querySelector("noscript");
  if (!folded) return;
  folded.parentElement.innerHTML = folded.textContent;
  for (const holder of all("[data-mends]", check)) tabs(holder);
  for (const pre of all("pre.command", check)) copyable(pre, "the command");
}
// find is the element of an id. That of an exchange is made with its check.
function find(id) {
  const check = document.getElementById(id) ?? document.getElementById(id.replace(/-\d+$/, ""));
  if (check?.matches(".told")) unfold(check.parentElement);
  return document.getElementById(id);
}

// What an address leads to is opened: a check, all entries of a table, an exchange.
function reveal() {
  const target = find(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const within = target.closest(".check");
  if (within?.hidden || target.matches(".table") && all(".check", target).some((check) => check.hidden)) filter.reset();
  for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
  if (target.matches(".table")) for (const check of all(".check", target)) check.open = true;
  const summary = (target.closest("details") ?? target).querySelector("summary") ?? target;
  if (target.matches(".told, .table, .exchange > div")) {
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "start" });
  }
}

// A filter by area, level, verdict and words; the counts beside them follow.
const filter = document.querySelector(".filter");
const texts = new Map();
function textOf(check) {
  if (!texts.has(check)) {
    const parts = make("template", ""), folded = check.querySelector("noscript");
    if (folded) parts.innerHTML = folded.textContent;
    texts.set(check, ((folded ? check.querySelector("summary") : check).textContent + parts.content.textContent).toLowerCase());
  }
  return texts.get(check);
}
function apply() {
  const words = filter.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const { value: area } = filter.elements.area, { value: level } = filter.elements.level;
  const kinds = all("[name=kind]:checked", filter).map((box) => box.value);
  const counts = {};
  let shown = 0;
  for (const check of checks) {
    const of = check.dataset;
    const but = (!area || of.area === area) && (!level || of.level === level) && words.every((word) => textOf(check).includes(word));
    if (but) counts[of.kind] = (counts[of.kind] ?? 0) + 1;
    check.hidden = !(but && (!kinds.length || kinds.includes(of.kind)));
    if (!check.hidden) shown++;
  }
  for (const box of all("[name=kind]", filter)) box.parentElement.querySelector("output").textContent = counts[box.value] ?? 0;
  for (const section of all(".area")) {
    const mine = all(".check", section), left = mine.filter((check) => !check.hidden).length;
    section.hidden = left === 0;
    section.querySelector(".of").textContent = left === mine.length ? left : left + " of " + mine.length;
  }
  document.getElementById("none").hidden = shown > 0;
  filter.querySelector(".shown").textContent = shown === checks.length ? "all " + shown + " checks" : shown + " of " + checks.length + " checks";
}
let waiting;
filter.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("reset", () => { clearTimeout(waiting); setTimeout(apply); });
for (const button of all("[data-do]", filter)) {
  button.addEventListener("click", () => { for (const check of checks) if (!check.hidden) check.open = button.dataset.do === "open"; });
}
if (checks.length) {
  filter.hidden = false;
  apply();
}

// A cell of the grid filters by its area and level.
for (const cell of all(".grid td[data-area]")) {
  const choose = () => {
    filter.reset();
    filter.elements.area.value = cell.dataset.area;
    filter.elements.level.value = cell.dataset.level;
    setTimeout(() => { apply(); document.getElementById("checks").scrollIntoView(); filter.elements.words.focus({ preventScroll: true }); });
  };
  cell.tabIndex = 0;
  cell.setAttribute("role", "button");
  cell.setAttribute("aria-label", "Show " + [cell.dataset.area || "all areas", cell.dataset.level].filter(Boolean).join(", ") + ": " + all(".tally", cell).map((tally) => tally.title).join(", "));
  cell.addEventListener("click", choose);
  cell.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
}

// What is to be copied has a button.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(make("textarea", text));
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
const told = document.body.appendChild(make("p", "", { className: "unseen" }));
told.setAttribute("role", "status");
function confirm(button, words) {
  const before = button.textContent;
  button.textContent = told.textContent = words;
  setTimeout(() => { button.textContent = before; told.textContent = ""; }, 1500);
}
function copyable(pre, what) {
  if (pre.parentElement.matches(".copied")) return;
  const box = make("div", "", { className: "copied" }), button = make("button", "Copy", { type: "button" });
  button.setAttribute("aria-label", "Copy " + what);
  button.addEventListener("click", async () => { await copy(pre.textContent); confirm(button, "Copied"); });
  pre.replaceWith(box);
  box.append(pre, button);
}

// Code stands once in the page, and is brought to a check when that is opened, in the
// language that was chosen last.
let language = "";
function tabs(holder) {
  if (holder.dataset.made) return;
  const codes = all("details", document.getElementById(holder.dataset.mends));
  if (!codes.length) return;
  holder.dataset.made = "yes";
  const list = make("div", "", { className: "tabs" }), pre = make("pre", ""), from = make("p", "", { className: "faint" });
  const id = holder.closest(".told").id;
  pre.id = id + "-code";
  pre.tabIndex = 0;
  pre.setAttribute("role", "tabpanel");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Code that does it right");
  const buttons = codes.map((code) => {
    const button = make("button", code.dataset.language, { type: "button", id: id + "-" + code.dataset.language });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", pre.id);
    button.addEventListener("click", () => choose(code.dataset.language));
    return button;
  });
  holder.show = () => {
    const at = Math.max(0, codes.findIndex((code) => code.dataset.language === language));
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", i === at);
      button.tabIndex = i === at ? 0 : -1;
    });
    pre.setAttribute("aria-labelledby", buttons[at].id);
    pre.textContent = codes[at].querySelector("pre").textContent;
    from.replaceChildren(...codes[at].querySelector("p").cloneNode(true).childNodes);
  };
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], from = buttons.indexOf(event.target);
    if (!step || from < 0) return;
    event.preventDefault();
    const next = (from + step + buttons.length) % buttons.length;
    buttons[next].focus();
    choose(codes[next].dataset.language);
  });
  list.append(...buttons);
  holder.append(list, pre, from);
  copyable(pre, "the code");
  holder.show();
}
function choose(name) {
  language = name;
  for (const holder of all("[data-made]")) holder.show();
}

// An exchange that is told of another check is brought here when it is opened.
function fill(exchange) {
  const there = find(exchange.dataset.same);
  delete exchange.dataset.same;
  const filled = [...there.cloneNode(true).childNodes];
  exchange.querySelector(".same").after(...filled);
}
document.addEventListener("toggle", (event) => {
  const at = event.target;
  if (!at.open) return;
  if (at.matches(".check")) unfold(at);
  if (at.matches("[data-same]")) fill(at);
}, true);
for (const check of all(".check[open]")) unfold(check);
for (const pre of all(".code pre")) copyable(pre, "the code");

// A link to a check is copied, and shown in the address.
document.addEventListener("click", async (event) => {
  const anchor = event.target.closest?.(".anchor");
  if (!anchor) return;
  event.preventDefault();
  history.replaceState(null, "", anchor.hash);
  await copy(location.href);
  confirm(anchor, "link copied");
});
// Who follows a link to where the address leads already is led there again.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (link && !link.matches(".anchor") && (link.hash ?? link.getAttribute("href")) === location.hash) reveal();
});
addEventListener("hashchange", reveal);
addEventListener("load", () => setTimeout(reveal)); // after the browser went there itself

// On paper nothing can be unfolded: all that failed is.
let folded = [];
addEventListener("beforeprint", () => {
  for (const check of all(".check.failed, .check.known, .check.outdated")) unfold(check);
  folded = all(".check.failed, .check.known, .check.outdated, .check.failed .telling, .code details").filter((details) => !details.open);
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => { for (const details of folded) details.open = false; });
