// The folder of a small program: its files, its own node_modules, and the package, unpacked from
// its tarball. This module knows nothing about the program's purpose.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { installed, keptFolder } from "./installs.mjs";
import { execute } from "./processes.mjs";

/** A new folder. `deleteFolder` deletes it, or the end of this process. */
export function newFolder(name) {
  mkdirSync(join(keptFolder, "projects"), { recursive: true });
  const prefix = name.replace(/[^a-z0-9]+/gi, "-").toLowerCase().slice(0, LONGEST_NAME);
  const folder = mkdtempSync(join(keptFolder, "projects", `${prefix}-`));
  folders.add(folder);
  return folder;
}

/** Deletes a folder that `newFolder` has created. */
export function deleteFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/**
 * Creates a project in `within`: the files of one program of the group, or of several, in which
 * later programs replace files of earlier ones, and the packages of the group.
 *
 * The packages are hard links, so that a project needs no space and tools can add files to its
 * node_modules. If the program has no package.json, it receives a package.json that depends on the package.
 * The packages of the group are added to it.
 */
export async function makeProject({ group, programs, within, name = programs[0] }) {
  const folder = join(within, name);
  for (const program of programs) {
    cpSync(fileURLToPath(new URL(`${group}/${program}/`, import.meta.url)), folder, { recursive: true });
  }
  // Git would ignore a dot file in the checkout, or tools would read it there.
  for (const file of readdirSync(folder)) {
    if (file.startsWith("dot-")) renameSync(join(folder, file), join(folder, file.replace("dot-", ".")));
  }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(description(group, folder), null, 2)}\n`);
  const packages = await installed(group);
  // Frameworks search for a lock file to find the root of a project.
  cpSync(join(packages, "package-lock.json"), join(folder, "package-lock.json"));
  await run("cp", ["-al", join(packages, "node_modules"), join(folder, "node_modules")]);
  await unpack(join(folder, "node_modules/stytch-edge"));
  return folder;
}

/** The program's package.json, if it has one, with the packages of its group. */
function description(group, folder) {
  const own = join(folder, "package.json");
  const { dependencies, devDependencies } = read(fileURLToPath(new URL(`${group}/package.json`, import.meta.url)));
  const program = existsSync(own) ? read(own) : { dependencies: { "stytch-edge": "*" } };
  return {
    name: "program",
    private: true,
    type: "module",
    ...program,
    dependencies: { ...dependencies, ...program.dependencies },
    devDependencies: { ...devDependencies, ...program.devDependencies },
  };
}

function read(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Unpacks the package's tarball into a folder. */
export async function unpack(folder) {
  const tarball = process.env.STYTCH_TARBALL;
  if (!tarball) throw new Error("STYTCH_TARBALL must name the package's tarball");
  mkdirSync(folder, { recursive: true });
  await run("tar", ["-xzf", resolve(tarball), "-C", folder, "--strip-components=1"]);
}

function run(command, given) {
  return execute(command, given, { cwd: keptFolder, env: process.env, seconds: 120 });
}

const folders = new Set();
process.once("exit", () => folders.forEach(deleteFolder));

const LONGEST_NAME = 40;
