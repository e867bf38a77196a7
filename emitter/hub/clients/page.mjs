// page.mjs HUB SHOTS: walks through the pages of a mock Hub in a browser, as a user
// would: creates a webhook, triggers, looks, replays, searches, and meets hostile words.
// What is seen is kept as pictures in a folder.
import assert from "node:assert/strict";
import path from "node:path";
import { chromium } from "playwright-core";
import { startHandler } from "./handler.mjs";

const [hubUrl, shots] = process.argv.slice(2);
const secret = "s3cret of the page";
const hostile = `<script>window.hurt=1</script><img src=x onerror="window.hurt=1">"'\u202e`;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] });
const page = await context.newPage();
page.setDefaultTimeout(15_000);
const faults = [];
page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
page.on("console", (message) => message.type() === "error" && !message.text().includes("the server responded with a status of 4") && faults.push(`console: ${message.text()}`));
page.on("request", (request) => new URL(request.url()).origin !== hubUrl && !request.url().startsWith("data:") && faults.push(`asked elsewhere: ${request.url()}`));
page.on("dialog", (dialog) => { faults.push("a dialog"); dialog.dismiss(); });

const api = async (method, where, body) => {
  const answer = await fetch(hubUrl + where, { method, headers: { authorization: "Bearer x" }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${where}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
};
const idle = () => api("POST", "/_mock/v1/idle?timeout=30s");
const see = (text) => page.locator("main").getByText(text).first().waitFor();
const step = (what) => console.log(`ok  ${what}`);

// picture keeps the page in light, dark, and at a phone's width, where it must not scroll
// sideways.
async function picture(name) {
  for (const [kind, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["narrow", "light", 360]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: path.join(shots, `${name}-${kind}.png`), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name}, ${kind}: ${wide} px stand beyond the window`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

const handler = await startHandler();
await page.goto(hubUrl);
await see("Begin here");
await picture("empty");

// ---- a webhook, created and edited

await page.getByRole("link", { name: "New webhook" }).click();
await page.getByLabel("URL of the handler").fill("nonsense");
await page.getByLabel("Watched").fill("user mock-user");
await page.getByLabel("Secret").fill(secret);
await page.getByRole("button", { name: "Register" }).click();
await see("url is none that a webhook can have");
await picture("mistake");
await page.getByLabel("URL of the handler").fill(handler.url);
await page.getByLabel("Secret").fill(secret);
await page.getByRole("button", { name: "Register" }).click();
await page.waitForURL(/webhooks\/[0-9a-f]{24}/);
await picture("webhook");
step("a webhook is created, after a mistake that is shown");

// ---- an event, triggered there, and what came of it

await page.goto(`${hubUrl}/_mock/trigger`);
await page.getByLabel("Event").selectOption("discussion.comment.create");
await page.getByRole("button", { name: "Trigger" }).click();
await page.waitForURL(/deliveries\//);
await see("valid by the schema");
await see("200");
await picture("delivery");
assert.ok(!(await page.content()).includes(secret), "the page shows the secret");
step("an event is triggered, delivered and judged");

await page.getByRole("button", { name: "Copy as curl" }).click();
const curl = await page.evaluate(() => navigator.clipboard.readText());
assert.match(curl, /curl .*\$HUBHOOK_SECRET/s);
await page.getByRole("button", { name: "Copy as fixture" }).click();
const fixture = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
assert.equal(fixture.event.scope, "discussion.comment");
step("it is copied as curl and as a fixture");

const first = handler.arrived.at(-1).headers["webhook-id"];
await page.getByRole("button", { name: "Replay" }).click();
await see("replay");
assert.deepEqual(handler.arrived.map((a) => a.headers["webhook-id"]), [first, first]);
step("it is replayed with its Webhook-Id");

// ---- live: what happens elsewhere shows by itself

await page.goto(hubUrl);
handler.status = 503;
await api("POST", "/api/repos/create", { name: "demo-2" });
await idle();
await see("503");
await page.getByText(/in (9|10|11)\s?s/).first().waitFor();
handler.status = 200;
await api("POST", "/_mock/v1/clock", { advance: "15s" });
await idle();
await page.locator("#activity tr", { hasText: "repo.create" }).locator(".tries", { hasText: "2" }).waitFor();
step("a failure and its retry show by themselves");

// ---- hostile words are words

await api("POST", "/api/models/mock-user/demo-2/discussions", { title: hostile, description: hostile, pullRequest: false });
await api("POST", "/api/models/mock-user/demo-2/discussions/1/comment", { comment: hostile });
await idle();
for (const where of ["/", "/mock-user/demo-2", "/mock-user/demo-2/discussions/1"]) {
  await page.goto(hubUrl + where);
  await page.waitForLoadState("load");
}
await see("<script>window.hurt=1</script>");
await picture("discussion");
await page.goto(`${hubUrl}/?q=${encodeURIComponent(hostile.slice(0, 20))}`);
await page.locator("#activity a").first().click();
await page.waitForURL(/deliveries\//);
await page.getByLabel("Payload", { exact: true }).getByText("window.hurt").first().waitFor();
await picture("hostile");
assert.equal(await page.evaluate(() => window.hurt), undefined, "hostile words were run");
step("hostile titles and comments are only text");

// ---- more than the quota, search, the keyboard

handler.status = 200;
for (let i = 0; i < 6; i++) await api("POST", "/_mock/v1/trigger", { shape: ["repo.update", "repo.content.update", "discussion.create"][i % 3], repo: "mock-user/demo-2", count: 5 });
await idle();
await page.goto(hubUrl);
await see("rate-limited");
await see(/25 of 25/);
await picture("activity");
await page.keyboard.press("/");
await page.keyboard.type("demo-2");
await page.keyboard.press("Enter");
await page.waitForURL(/q=demo-2/);
await see("demo-2");
await page.locator("body").click({ position: { x: 2, y: 700 } });
await page.keyboard.press("j");
await page.keyboard.press("Enter");
await page.waitForURL(/deliveries\//);
step("the quota shows; search and list work by keyboard");
await page.goto(`${hubUrl}/_mock/calls`);
await see("create_repo");
await picture("calls");

// ---- without a script

const bare = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
await bare.goto(`${hubUrl}/_mock/trigger`);
await bare.getByRole("button", { name: "Trigger" }).click();
await bare.waitForURL(/deliveries\//);
await bare.getByText("valid by the schema").first().waitFor();
step("it works without a script, too");

assert.deepEqual(faults, []);
await browser.close();
handler.close();
