// How pages are opened: as they would be by someone who got a report by mail.
import { chromium } from "playwright-core";

/** launch starts Debian's Chromium, which asks nobody for anything. */
export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });

/** watched opens pages that tell in faults what no page may do: fail, ask, or interrupt. */
export async function watched(browser, faults, options) {
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("request", (request) => !/^(file|data):/.test(request.url()) && faults.push(`asked for ${request.url()}`));
  page.on("dialog", (dialog) => { faults.push("a dialog"); dialog.dismiss(); });
  return page;
}
