// Programs of the TypeScript compiler over texts that are in no file. Files are parsed
// once, however many programs read them.

import ts from "typescript";

/** How the types are compared: strictly, and found as Node finds them. */
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
 * A program over `file`. `texts` has what is to be read for some files in place of what
 * is there.
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

/** What a module exports, by name, as a program over an import of it sees it. */
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
