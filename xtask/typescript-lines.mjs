// Prints the number of lines of TypeScript code in a folder, without blank lines, comments, types and generated files.
//
// Types are the statements that the compiler erases: interfaces, type aliases, `declare`, and type-only imports and exports.
// Usage: node xtask/typescript-lines.mjs <folder>

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";

const ts = createRequire(new URL("../pkg/package.json", import.meta.url))("typescript");

const [folder] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true }).filter(
  (file) => /\.[cm]?ts$/.test(file) && !file.split(sep).includes("generated"),
);
if (files.length === 0) throw new Error(`${folder} contains no TypeScript files outside of generated/`);
const lines = files.map((file) => codeLines(file, readFileSync(join(folder, file), "utf8")));
console.log(lines.reduce((sum, count) => sum + count, 0));

function codeLines(name, text) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  const lines = new Set();
  const lineOf = (position) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (isType(node) || ts.isJSDoc(node) || node.kind === ts.SyntaxKind.EndOfFileToken) return;
    const children = node.getChildren(file);
    if (children.length > 0) return children.forEach(visit);
    // A list without items has no text. A template literal may have several lines.
    if (node.getStart(file) === node.getEnd()) return;
    for (let line = lineOf(node.getStart(file)); line <= lineOf(node.getEnd()); line += 1) lines.add(line);
  };
  visit(file);
  return lines.size;
}

function isType(node) {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isImportDeclaration(node) && isErased(node.importClause, node.importClause?.namedBindings)) ||
    (ts.isExportDeclaration(node) && isErased(node, node.exportClause)) ||
    (ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword))
  );
}

/** `import type { A }`, or `import { type A }`; but not `import "a"`. */
function isErased(clause, names) {
  if (clause === undefined) return false;
  const named = names?.elements ?? [];
  return clause.isTypeOnly || (!clause.name && named.length > 0 && named.every(({ isTypeOnly }) => isTypeOnly));
}
