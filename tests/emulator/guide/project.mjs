// A folder with the packages that a reader of the guide has installed, and with files by name and text.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { temporaryFolder } from "../../runtimes/inside/folder.mjs";

const MODULES = {
  "../node_modules": ["stytch-emulator", "@playwright", "svix", "vitest"],
  "../../node_modules": ["stytch-edge", "stytch"],
};

/** A new project. It is deleted at the end of this process. */
export function guideProject(files) {
  const folder = temporaryFolder("guide");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const [from, names] of Object.entries(MODULES)) {
    for (const name of names) symlinkSync(inside(`${from}/${name}`), join(modules, name));
  }
  symlinkSync(inside("../node_modules/stytch-emulator/dist/cli.js"), join(modules, ".bin/stytch-emulator"));
  const about = { private: true, type: "module", scripts: { test: "node program.js" } };
  for (const [name, text] of Object.entries({ "package.json": JSON.stringify(about), ...files })) writeFileSync(join(folder, name), text);
  return folder;
}

function inside(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}
