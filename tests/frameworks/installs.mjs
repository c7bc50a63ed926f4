// The groups' node_modules, installed from their lock files. An installation is kept in
// target/ under the hash of its lock file. It is never changed, because programs get copies.
// Knows nothing of cells and programs.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { execute } from "./processes.mjs";

/** Everything that the matrix keeps between runs, and the programs' folders while it runs. */
export const keptFolder = fileURLToPath(new URL("../../target/frameworks", import.meta.url));

/** The folder in which a group of packages is installed: package-lock.json and node_modules. */
export function installed(group) {
  if (!installations.has(group)) {
    // One after the other, because all of them use the same network.
    const own = last.then(() => install(group));
    installations.set(group, own);
    // Cells of other groups do not need this one.
    last = own.catch(() => {});
  }
  return installations.get(group);
}

/** The folder that contains `node` 24, for tools that refuse the oldest Node of the package. */
export async function newerNode() {
  const folder = await installed("newer-node");
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const found = names.map((name) => join(folder, "node_modules", name, "bin")).find(existsSync);
  if (!found) throw new Error(`newer-node/package.json has no Node for ${process.platform}-${process.arch}`);
  return found;
}

async function install(group) {
  const source = fileURLToPath(new URL(`${group}/`, import.meta.url));
  const files = ["package.json", "package-lock.json", ".npmrc"].filter((name) => existsSync(join(source, name)));
  const hash = createHash("sha256");
  for (const name of files) hash.update(readFileSync(join(source, name)));
  const place = join(keptFolder, "installed", `${group}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(place)) return place;
  const started = Date.now();
  mkdirSync(join(keptFolder, "installed"), { recursive: true });
  const making = mkdtempSync(join(keptFolder, "installed", `making-${group}-`));
  try {
    for (const name of files) cpSync(join(source, name), join(making, name));
    await execute("npm", ["ci", "--no-audit", "--no-fund"], { cwd: making, env: process.env, seconds: 600 });
    putInPlace(making, place);
    deleteOlder(group, place);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  console.log(`installed ${group} (${Date.now() - started} ms)`);
  return place;
}

/** Another run may have been faster; its installation is as good. */
function putInPlace(making, place) {
  try {
    renameSync(making, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

/** Deletes installations of lock files that the group had before. */
function deleteOlder(group, place) {
  const folder = join(keptFolder, "installed");
  const pattern = new RegExp(`^${group}-[0-9a-f]{16}$`);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (pattern.test(name) && path !== place) rmSync(path, { recursive: true, force: true });
  }
}

const installations = new Map();
let last = Promise.resolve();
