// walk.mjs SHOTS REPORT.html…: goes through reports in a browser as their readers do: at a
// glance, by filter, by link and by keyboard, on a wide screen and on a telephone, in light
// and dark, on paper and without script. A report that is named failing-… has failures;
// one that is named hostile-… is of a handler that answers with what pages must not run.
// What is seen is kept as pictures in a folder.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch, watched } from "./browser.mjs";

const [shots, ...reports] = process.argv.slice(2);
const heaviest = 3 << 20; // bytes
const browser = await launch();
const faults = [];

const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 360, height: 740 } };
const shoot = (page, name, more) => page.screenshot({ path: path.join(shots, name + ".png"), ...more });
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const shown = (page) => page.locator(".check:not([hidden])").count();

/** glance looks at a page as it opens, and tells how long it took. */
async function glance(url, name, options) {
  const page = await watched(browser, faults, options);
  await page.goto(url);
  assert.ok((await page.locator(".verdict").innerText()).trim(), "the verdict is not seen");
  assert.ok((await sideways(page)) <= 0, `${name} is wider than the screen`);
  await shoot(page, name);
  const took = await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
  await page.context().close();
  return took;
}

/** filtered narrows the list of checks, by words, by verdict and by a cell of the grid. */
async function filtered(page) {
  const all = await shown(page);
  await page.getByLabel("Words").fill("Webhook-Id");
  await page.waitForFunction((n) => document.querySelectorAll(".check:not([hidden])").length < n, all);
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  await page.waitForFunction((n) => document.querySelectorAll(".check:not([hidden])").length === n, all);
  const chip = page.locator(".chip", { hasText: "passed" });
  const count = Number(await chip.locator("output").innerText());
  await chip.click();
  await page.waitForFunction((n) => document.querySelectorAll(".check:not([hidden])").length === n, count);
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  await page.locator('.grid td[data-area="secret"]').first().press("Enter");
  await page.waitForFunction(() => [...document.querySelectorAll(".check:not([hidden])")].every((check) => check.dataset.area === "secret"));
  await page.getByRole("button", { name: "Show all", exact: true }).click();
}

/** failed opens a failure by its link, and takes what it offers. */
async function failed(page, url, name) {
  const id = await page.locator(".causes .id").first().innerText();
  await page.goto("about:blank");
  await page.goto(`${url}#${id}`);
  const check = page.locator(".check", { has: page.locator(`[id="${id}"]`) });
  for (const word of ["sent", "expected", "why", "mend"]) {
    assert.ok(await check.locator("dt", { hasText: word }).first().isVisible(), `${id} does not say ${word}`);
  }
  await page.waitForFunction((id) => { // it is scrolled to
    const { top } = document.getElementById(id).closest(".check").getBoundingClientRect();
    return top >= 0 && top < 100;
  }, id);
  await shoot(page, `${name}-check`);
  await check.getByRole("tab", { name: "FastAPI" }).click();
  assert.match(await check.getByRole("tabpanel").innerText(), /def |import /);
  await check.getByRole("button", { name: "Copy the command" }).last().click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^hubhook check .* --only /);
  await check.getByRole("button", { name: "Copy the command" }).first().click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^curl /);
  const text = await page.content();
  assert.ok(!text.includes(process.env.HUBHOOK_SECRET), "the page holds the secret");
}

for (const report of reports) {
  const url = pathToFileURL(report).href, name = path.basename(report, ".html");
  const bytes = statSync(report).size;
  assert.ok(bytes < heaviest, `${name} weighs ${bytes} bytes`);
  const took = await glance(url, `${name}-light`, { ...wide, colorScheme: "light" });
  await glance(url, `${name}-dark`, { ...wide, colorScheme: "dark" });
  await glance(url, `${name}-narrow`, narrow);
  await glance(url, `${name}-plain`, { ...wide, javaScriptEnabled: false });

  const page = await watched(browser, faults, wide);
  await page.goto(url);
  await filtered(page);
  if (name.startsWith("failing")) await failed(page, url, name);
  await page.goto("about:blank");
  await page.goto(url);
  await page.getByRole("button", { name: "Open all", exact: true }).click();
  assert.ok((await sideways(page)) <= 0, `${name} is wider than the screen once all is open`);
  assert.equal(await page.evaluate(() => window.hurt), undefined, "what a handler answered was run");
  await page.goto("about:blank");
  await page.goto(url);
  await page.pdf({ path: path.join(shots, `${name}.pdf`), format: "A4" });
  await page.context().close();

  const again = [];
  for (let i = 0; i < 5; i++) again.push(await glance(url, `${name}-light`, { ...wide, colorScheme: "light" }));
  again.sort((a, b) => a - b);
  console.log(`${name}: ${(bytes / 1e6).toFixed(2)} MB, opened in ${took.toFixed(0)} ms, then ${again[0].toFixed(0)} to ${again.at(-1).toFixed(0)} ms`);
}
await browser.close();
assert.deepEqual(faults, []);
