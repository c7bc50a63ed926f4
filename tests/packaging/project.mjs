// Makes projects that use the package. The node_modules of a project contains the package as npm unpacked it, and only the
// other packages that the test names.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../runtimes/inside/folder.mjs";
import { installed } from "./tarball.mjs";

/**
 * A new project with files of sources/, with files by name and text, and with packages of tests/node_modules. It is deleted
 * at the end of this process.
 */
export function newProject(name, sources, texts = {}, packages = []) {
  const folder = temporaryFolder(name);
  cpSync(installed, join(folder, "node_modules/stytch-edge"), { recursive: true });
  for (const other of packages) {
    cpSync(fileURLToPath(new URL(`../node_modules/${other}`, import.meta.url)), join(folder, "node_modules", other), { recursive: true });
  }
  const about = { name, private: true, type: "module", dependencies: { "stytch-edge": "*" } };
  for (const source of sources) {
    cpSync(fileURLToPath(new URL(`sources/${source}`, import.meta.url)), join(folder, source));
  }
  for (const [path, text] of Object.entries({ "package.json": JSON.stringify(about), ...texts })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
