// Compares the types of the package with those of npm stytch: every exported name, every method,
// and every type that they contain, as tests/facts lists them.

import ts from "typescript";

import { exportedNames, offers, types } from "./facts.mjs";
import { exportsOf, programOver } from "./programs.mjs";
import { comparer, homeOf } from "./types-agree.mjs";

/**
 * Returns every difference between npm stytch's declarations and the package's, as texts that
 * begin with the path of the type, and the types of npm stytch that were not compared, by
 * their names in tests/facts. `texts` replaces the content of some of the package's files.
 */
export function sideBySide(file, texts = new Map()) {
  const program = programOver(file, new Map([...texts, [file, IMPORTS]]));
  const checker = program.getTypeChecker();
  const [official, ours] = ["stytch", "stytch-edge"].map((module) => exportsOf(program, file, module));
  const compared = new Set();
  const agree = comparer(checker, (type) => {
    const names = [type.aliasSymbol, type.symbol].filter((symbol) => homeOf(symbol));
    for (const symbol of names) compared.add(`${homeOf(symbol)}#${symbol.name}`);
    return names.find(({ flags }) => !(flags & NAMELESS))?.name;
  });
  // Types are compared before the clients that use them, so that each is reported under its own name.
  const isClass = (name) => Boolean(official.get(name)?.flags & ts.SymbolFlags.Class);
  const rank = (name) => (name === "default" ? 2 : Number(isClass(name)));
  const names = [...exportedNames].sort((a, b) => rank(a) - rank(b));
  const differences = [
    ...names.flatMap((name) => exported(checker, agree, official.get(name), ours.get(name), name)),
    ...offers.flatMap(({ client, path, name }) => {
      const [theirs, mine] = [official, ours].map((exported) =>
        methodOf(checker, exported.get(client), path),
      );
      return mine ? agree(theirs, mine, name) : [`${name} is missing`];
    }),
    ...[...ours.keys()].filter((name) => !official.has(name)).map((name) => `${name} is not npm stytch's`),
    ...[...official.keys()]
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is not in tests/facts`),
  ];
  return {
    differences: new Set(differences),
    notCompared: new Set(Object.keys(types).filter((name) => !compared.has(name))),
  };
}

/** Compares the type and the value of a name. */
function exported(checker, agree, theirs, mine, name) {
  if (!theirs) return [`${name} is not exported by npm stytch`];
  if (!mine) return [`${name} is missing`];
  const meanings = [
    [ts.SymbolFlags.Type, (symbol) => checker.getDeclaredTypeOfSymbol(symbol)],
    [ts.SymbolFlags.Value, (symbol) => checker.getTypeOfSymbol(symbol)],
  ];
  return meanings.flatMap(([flag, typeOf]) => {
    if (!(theirs.flags & flag)) return [];
    if (!(mine.flags & flag)) return [`${name} is not a ${flag === ts.SymbolFlags.Type ? "type" : "value"}`];
    return agree(typeOf(theirs), typeOf(mine), flag === ts.SymbolFlags.Type ? name : `typeof ${name}`);
  });
}

function methodOf(checker, symbol, path) {
  return path.reduce(
    (type, name) => {
      const property = type && checker.getPropertyOfType(type, name);
      return property && checker.getTypeOfSymbol(property);
    },
    symbol && checker.getDeclaredTypeOfSymbol(symbol),
  );
}

/** Symbols that do not name a type: shapes without a name, and classes, which are named by their property. */
const NAMELESS =
  ts.SymbolFlags.TypeLiteral |
  ts.SymbolFlags.ObjectLiteral |
  ts.SymbolFlags.Class |
  ts.SymbolFlags.Method |
  ts.SymbolFlags.Function;

const IMPORTS = `import * as official from "stytch";
import * as ours from "stytch-edge";
export { official, ours };
`;
