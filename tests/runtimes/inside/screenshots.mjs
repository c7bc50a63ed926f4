// Pictures of each section of the emulator's page, for people to look at.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Writes one picture for each section, width and color scheme. */
export async function takeScreenshots(browser, { url }, folder) {
  await mkdir(folder, { recursive: true });
  const fault = { path_prefix: "/v1/sessions", kind: "status", status: 503, times: 3 };
  await fetch(`${url}/_emulator/faults`, { method: "POST", body: JSON.stringify(fault) });
  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({ viewport: { width, height: width === 390 ? 844 : 800 }, colorScheme });
      const page = await context.newPage();
      for (const section of ["outbox", "users", "organizations", "sessions", "apps", "fraud", "requests", "faults", "clock", "project"]) {
        await page.goto(`${url}/#${section}`);
        await page.locator(`#${section} .list > *`).first().waitFor();
        const rows = page.locator(`#${section} .list > details > summary, #${section} article details > summary`);
        if ((await rows.count()) > 0) await rows.nth((await rows.count()) > 1 ? 1 : 0).click();
        // The SAML connection, the SCIM connection and the first member.
        for (const index of section === "organizations" ? [0, 2, 3] : []) await page.locator("#organizations [open] .inside details > summary").nth(index).click().catch(() => undefined);
        await page.screenshot({ path: join(folder, `${section}-${width}-${colorScheme}.png`), fullPage: width === 390 });
      }
      await page.locator("#reset").click();
      await page.screenshot({ path: join(folder, `reset-${width}-${colorScheme}.png`) });
      await context.close();
    }
  }
}
