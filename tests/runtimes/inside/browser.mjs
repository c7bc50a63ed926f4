// Starts the browser that the step `browser` has found.

import { chromium } from "playwright-core";

/** Headless Chromium, which ends with this process. */
export function startBrowser() {
  const executablePath = process.env.STYTCH_CHROMIUM;
  if (!executablePath) throw new Error("STYTCH_CHROMIUM must name the browser");
  const args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"];
  return chromium.launch({ executablePath, args });
}
