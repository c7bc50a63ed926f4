// Loads a TypeScript block as a module into this process.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { transformSync } from "esbuild";

import { blockWith } from "./blocks.mjs";
import { newProject } from "./project.mjs";

/** The exports of a block that is a module. */
export function loadedModule(document, words) {
  return load(blockWith(document, words));
}

/** A block without imports, as a function with these parameters. It returns the value of `result`. */
export async function loadedFunction(document, words, parameters, result) {
  const body = blockWith(document, words);
  return (await load(`export default async (${parameters}) => {\n${body}\nreturn ${result};\n};`)).default;
}

function load(text) {
  const { code } = transformSync(text, { loader: "ts" });
  const folder = newProject("block", [], { "block.js": code });
  return import(pathToFileURL(join(folder, "block.js")));
}
