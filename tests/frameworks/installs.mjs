// The groups' node_modules, installed from their lock files. target/ keeps an installation
// under the hash of its lock file. Programs receive copies, so an installation never changes.
// This module knows nothing about cells and programs.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { execute } from "./processes.mjs";

/** The files that the matrix keeps between runs, and the programs' folders during a run. */
export const keptFolder = fileURLToPath(new URL("../../target/frameworks", import.meta.url));

/** Installs a group of packages, and returns the folder with its package-lock.json and node_modules. */
export function installed(group) {
  if (!installations.has(group)) {
    // Installations run sequentially, because all of them use the same network.
    const own = last.then(() => install(group));
    installations.set(group, own);
    // A failure does not affect the cells of other groups.
    last = own.catch(() => {});
  }
  return installations.get(group);
}

/** The folder that contains `node` 24, for tools that refuse the oldest Node of the package. */
export async function newerNode() {
  const folder = await installed("newer-node");
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  const found = names.map((name) => join(folder, "node_modules", name, "bin")).find(existsSync);
  if (!found) throw new Error(`newer-node/package.json does not contain a Node for ${process.platform}-${process.arch}`);
  return found;
}

async function install(group) {
  const source = fileURLToPath(new URL(`${group}/`, import.meta.url));
  const files = ["package.json", "package-lock.json", ".npmrc"].filter((name) => existsSync(join(source, name)));
  const hash = createHash("sha256");
  for (const name of files) hash.update(readFileSync(join(source, name)));
  const target = join(keptFolder, "installed", `${group}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(target)) return target;
  const started = Date.now();
  mkdirSync(join(keptFolder, "installed"), { recursive: true });
  const making = mkdtempSync(join(keptFolder, "installed", `making-${group}-`));
  try {
    for (const name of files) cpSync(join(source, name), join(making, name));
    await execute("npm", ["ci", "--no-audit", "--no-fund"], { cwd: making, env: process.env, seconds: 600 });
    rename(making, target);
    deleteOlder(group, target);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  console.log(`installed ${group} (${Date.now() - started} ms)`);
  return target;
}

/** Renames the folder. If another run has created the same installation, that one is kept. */
function rename(making, target) {
  try {
    renameSync(making, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

/** Deletes installations from earlier lock files of the group. */
function deleteOlder(group, target) {
  const folder = join(keptFolder, "installed");
  const pattern = new RegExp(`^${group}-[0-9a-f]{16}$`);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (pattern.test(name) && path !== target) rmSync(path, { recursive: true, force: true });
  }
}

const installations = new Map();
let last = Promise.resolve();
