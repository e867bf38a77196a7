// pictures.mjs FOLDER RUN.html REPORT.html: takes the pictures of the README: a run in a
// terminal, and its report with a check opened, in light and in dark.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch, watched } from "./browser.mjs";

const [folder, run, report] = process.argv.slice(2);
const browser = await launch();
for (const [colorScheme, suffix] of [["light", ""], ["dark", "-dark"]]) {
  const page = await watched(browser, [], { colorScheme, viewport: { width: 900, height: 900 } });
  await page.goto(pathToFileURL(run).href);
  await page.locator("pre").screenshot({ path: path.join(folder, `check${suffix}.png`) });

  await page.setViewportSize({ width: 1100, height: 1500 });
  await page.goto(pathToFileURL(report).href + "#SEC-03");
  // The glance, and then the check: what stands between is left out.
  await page.evaluate(() => {
    const check = document.getElementById("SEC-03").closest(".check");
    for (const gone of document.querySelectorAll(".timeline, .list, .filter, #checks, .facts")) gone.hidden = true, gone.style.display = "none";
    for (const other of document.querySelectorAll(".area")) if (!other.contains(check)) other.style.display = "none";
    for (const other of document.querySelectorAll(".check")) if (other !== check) other.style.display = "none";
    scrollTo(0, 0);
  });
  await page.screenshot({ path: path.join(folder, `report${suffix}.png`), clip: { x: 0, y: 0, width: 1100, height: 1500 } });
  await page.context().close();
}
await browser.close();
