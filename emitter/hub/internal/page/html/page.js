"use strict";
// What the page does beyond links and forms: it stays up to date, copies, and knows a
// few keys. Everything works without it, too.

document.documentElement.classList.add("js");

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

// Copying. Where the browser gives no clipboard, the text is selected.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    const around = source.closest("details");
    if (around) around.open = true;
    getSelection().selectAllChildren(source);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = said), 1500);
});

// Menus close when something else is meant.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Keys.
const rows = () => {
  const deliveries = [...document.querySelectorAll(".deliveries a.row")];
  return deliveries.length > 0 ? deliveries : [...document.querySelectorAll("a.row")];
};

function move(by) {
  const list = rows();
  if (list.length === 0) return;
  const row = document.activeElement.closest("tr");
  const at = list.findIndex((link) => row !== null && row.contains(link));
  const to = at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1);
  list[to].focus();
  list[to].closest("tr").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const here = event.target;
  if (event.key === "Escape") {
    const menu = here.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (here.matches("[data-search]")) {
      here.blur();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(here)) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else {
      location.href = "/";
    }
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
});

// Choices of the filter hold at once.
for (const select of document.querySelectorAll(".filter select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Staying up to date. What is marked data-live is taken over from the page as it is
// now, node by node, so that focus, selection and what is unfolded stay.
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || "" : "");
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

function take(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== now.nodeValue) old.nodeValue = now.nodeValue;
    return;
  }
  if (typing(old)) return;
  const folds = old.nodeName === "DETAILS";
  for (const { name, value } of now.attributes) {
    if (!(folds && name === "open") && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!(folds && name === "open") && name !== "hidden" && !now.hasAttribute(name)) old.removeAttribute(name);
  }
  takeChildren(old, now);
}

function takeChildren(old, now) {
  const keyed = new Map();
  for (const node of old.childNodes) if (keyOf(node)) keyed.set(keyOf(node), node);
  const dropped = (node) => {
    const next = node.nextSibling;
    keyed.delete(keyOf(node));
    node.remove();
    return next;
  };
  let next = old.firstChild;
  for (const fresh of [...now.childNodes]) {
    const known = keyed.get(keyOf(fresh));
    if (known && alike(known, fresh)) {
      // What stands before it goes, or comes later. The node itself is not moved, for
      // that would take its focus.
      while (next !== known) next = dropped(next);
      next = next.nextSibling;
      keyed.delete(keyOf(known));
      take(known, fresh);
    } else if (next && alike(next, fresh) && !keyOf(fresh)) {
      const node = next;
      next = next.nextSibling;
      take(node, fresh);
    } else {
      old.insertBefore(document.importNode(fresh, true), next);
    }
  }
  while (next) next = dropped(next);
}

let waiting = 0;
let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of document.querySelectorAll("[data-live]")) {
      const fresh = now.getElementById(region.id);
      if (fresh) take(region, fresh);
    }
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  } catch {
    // The Hub is gone for now; its events tell when it is back.
  } finally {
    asking = false;
    if (again) {
      again = false;
      soon();
    }
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => document.hidden || refresh(), 250);
}

const live = document.getElementById("live");
const regions = document.querySelector("main [data-live]");
if (regions && window.EventSource) {
  const events = new EventSource("/_mock/v1/events");
  events.onopen = () => {
    live.textContent = "live";
    soon();
  };
  events.onerror = () => (live.textContent = "");
  events.onmessage = soon;
  document.addEventListener("visibilitychange", soon);
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  // What depends on the time alone, such as how much of a quota is used, tells nothing when it changes.
  setInterval(() => {
    if (document.querySelector("#clock[data-scale]") && !document.hidden) refresh();
  }, 30000);
}

// The Hub's clock goes on between two answers, as fast as it does there, and so does
// what counts down to a moment.
const clock = { at: "", base: 0, since: 0 };

function remaining(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return "now";
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const parts = [`${Math.floor(seconds / units[first][1])} ${units[first][0]}`];
  if (first + 1 < units.length) {
    const rest = Math.floor((seconds % units[first][1]) / units[first + 1][1]);
    if (rest > 0) parts.push(`${rest} ${units[first + 1][0]}`);
  }
  return `in ${parts.join(" ")}`;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const shown = document.querySelector("#clock[data-scale] time");
  if (!shown || document.hidden) return;
  if (clock.at !== shown.dateTime) {
    clock.at = shown.dateTime;
    clock.base = Date.parse(shown.dateTime);
    clock.since = performance.now();
  }
  const scale = Number(shown.closest("#clock").dataset.scale);
  const now = clock.base + (performance.now() - clock.since) * scale;
  if (Number.isNaN(now) || Math.abs(now) > 8e15) return;
  say(shown, new Date(now).toISOString().slice(11, 19));
  for (const time of document.querySelectorAll("time[data-until]")) say(time, remaining(Date.parse(time.dateTime) - now));
}
setInterval(tick, 1000);

// What has been done is said once: neither when the page is loaded again, nor when it is linked to.
const here = new URL(location.href);
if (here.searchParams.has("note")) {
  here.searchParams.delete("note");
  history.replaceState(null, "", here);
}
