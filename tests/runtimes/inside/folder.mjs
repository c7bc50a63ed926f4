// Temporary folders for one runner.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new, empty folder, deleted at the end of this process. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `stytch-edge-${name}-`));
  // One listener for all folders: Node warns about more than 10 listeners.
  if (folders.length === 0) process.once("exit", deleteFolders);
  folders.push(folder);
  return folder;
}

function deleteFolders() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

const folders = [];
