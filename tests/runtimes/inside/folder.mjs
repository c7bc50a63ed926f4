// A folder for what a runner makes, gone when the runner is.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new, empty folder, deleted at the end of this process. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `stytch-edge-${name}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
