// Starts the browser that STYTCH_CHROMIUM names.

import { chromium } from "playwright-core";

/** Starts headless Chromium, which ends with this process. */
export function startBrowser() {
  const executablePath = process.env.STYTCH_CHROMIUM;
  if (!executablePath) throw new Error("STYTCH_CHROMIUM must name the browser");
  const args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"];
  return chromium.launch({ executablePath, args });
}
