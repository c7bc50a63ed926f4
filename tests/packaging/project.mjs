// A project of somebody who uses the package: a folder with its own node_modules,
// and in it nothing but the package as npm unpacked it.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../runtimes/inside/folder.mjs";
import { installed } from "./tarball.mjs";

/** A new project with files of sources/, and others by their names; deleted with this process. */
export function newProject(name, sources, texts = {}) {
  const folder = temporaryFolder(name);
  cpSync(installed, join(folder, "node_modules/stytch-edge"), { recursive: true });
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
