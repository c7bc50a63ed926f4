// Reads the code blocks of the README and the guide. Other tests compile, run and compare the blocks.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { same } from "../conformance/assert.js";
import { installed } from "./tarball.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const guide = readdirSync(join(root, "docs/guide")).sort();

/** The documents whose blocks are tested, as paths in the checkout. */
export const DOCUMENTS = ["README.md", ...guide.map((name) => `docs/guide/${name}`)];

/** The text of a document. The README is that of the installed package. */
export function textOf(document) {
  return readFileSync(join(document === "README.md" ? installed : root, document), "utf8");
}

/** The blocks of a document: the language, the text, and the line of the document at which the text begins. */
export function blocksOf(document) {
  const blocks = [];
  let open;
  for (const [index, line] of textOf(document).split("\n").entries()) {
    const isFence = /^ *```/.test(line);
    if (open && isFence) open = undefined;
    else if (open) open.text += `${line}\n`;
    else if (isFence) blocks.push((open = { document, line: index + 2, language: line.trim().slice(3), text: "" }));
  }
  same(open, undefined, `a block of ${document} that does not end`);
  return blocks;
}

/** The text of the only block of a document that contains these words. */
export function blockWith(document, words) {
  const found = blocksOf(document).filter(({ text }) => text.includes(words));
  same(found.length, 1, `blocks of ${document} with ${words}`);
  return found[0].text;
}
