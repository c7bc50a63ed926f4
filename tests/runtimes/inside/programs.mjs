// Programs of the TypeScript compiler with files that exist in memory only. Each file on disk
// is parsed once for all programs.

import ts from "typescript";

/** Compiler options for the comparison: strict, with Node's module resolution. */
export const OPTIONS = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/**
 * A program with the root file `file`. `texts` replaces the content of some files.
 */
export function programOver(file, texts) {
  const host = ts.createCompilerHost(OPTIONS);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) => {
    if (texts.has(name)) return ts.createSourceFile(name, texts.get(name), version, true);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, version));
    return parsed.get(name);
  };
  return ts.createProgram([file], OPTIONS, host);
}

/** The exports of a module that `file` imports, by name. */
export function exportsOf(program, file, module) {
  const checker = program.getTypeChecker();
  const imports = program.getSourceFile(file).statements.filter(ts.isImportDeclaration);
  const specifier = imports.map(({ moduleSpecifier }) => moduleSpecifier).find(({ text }) => text === module);
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(specifier));
  return new Map(
    symbols.map((symbol) => [
      symbol.name,
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
    ]),
  );
}

const parsed = new Map();
