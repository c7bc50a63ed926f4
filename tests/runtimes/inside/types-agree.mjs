// Compares two types as their users see them, down to the last field: assignable both
// ways, the same fields, optional where the other's are, `any` where and only where the
// other's are. Assignability alone would take a type without an optional field, or one
// made of `any`, for the same.

import ts from "typescript";

/**
 * A function that gives the differences of a pair of types, as texts that begin with the
 * place. What differs inside is not said again of what holds it. `reached` is given every
 * type of `theirs` that is compared, and may name it.
 */
export function comparer(checker, reached) {
  const known = new Map();
  return agree;

  function agree(theirs, mine, place) {
    [theirs, mine] = [theirs, mine].map((type) => checker.getNonNullableType(type));
    if (theirs === mine) return [];
    const name = reached(theirs);
    const here = name === undefined || isAny(mine) ? place : name;
    if (!isObject(theirs) || !isObject(mine) || isForeign(theirs)) return problemsOf(theirs, mine, here);
    const key = `${theirs.id} ${mine.id}`;
    // A type that holds itself is what it is found to be elsewhere.
    if (!known.has(key)) known.set(key, []).set(key, problemsOf(theirs, mine, here));
    return known.get(key);
  }

  function problemsOf(theirs, mine, place) {
    if (isAny(mine) !== isAny(theirs)) return [`${place} is ${isAny(mine) ? "" : "not "}any`];
    if (isAny(mine)) return [];
    const inside = partsOf(theirs, mine, place);
    const hidden = checker.getPropertiesOfType(theirs).some(isHidden);
    // Nothing else can have these: what is assignable must come from that very class.
    if (hidden) return [...inside, `${place} has private members`];
    return inside.length > 0 ? inside : assignable(theirs, mine, place);
  }

  function assignable(theirs, mine, place) {
    const shown = [theirs, mine].map((type) => checker.typeToString(type).slice(0, 200));
    const both = checker.isTypeAssignableTo(theirs, mine) && checker.isTypeAssignableTo(mine, theirs);
    return both ? [] : [`${place} is ${shown[1]} instead of ${shown[0]}`];
  }

  function partsOf(theirs, mine, place) {
    if (theirs.isUnion() || mine.isUnion()) return unions(theirs, mine, place);
    if (!isObject(theirs) || !isObject(mine)) return [];
    if (isForeign(theirs)) {
      // Of a Promise or a Record, what it holds is all there is to compare.
      if (theirs.symbol !== mine.symbol) return [];
      const isReference = theirs.objectFlags & mine.objectFlags & ts.ObjectFlags.Reference;
      return isReference ? given(theirs, mine, place) : indexes(theirs, mine, place);
    }
    return [
      ...fields(theirs, mine, place),
      ...signatures("getCallSignatures", theirs, mine, place),
      ...signatures("getConstructSignatures", theirs, mine, place),
      ...indexes(theirs, mine, place),
    ];
  }

  /** Each object in one union has a counterpart in the other. */
  function unions(theirs, mine, place) {
    const objects = (type) => (type.isUnion() ? type.types : [type]).filter(isObject);
    return objects(theirs).flatMap((one, number) => {
      const here = `${place} (${number + 1})`;
      const tries = objects(mine).map((other) => agree(one, other, here));
      tries.sort((a, b) => a.length - b.length);
      return tries[0] ?? [`${here} is missing`];
    });
  }

  function given(theirs, mine, place) {
    const [wanted, found] = [theirs, mine].map((type) => checker.getTypeArguments(type));
    return wanted.flatMap((type, number) => agree(type, found[number], `${place} <${number + 1}>`));
  }

  function fields(theirs, mine, place) {
    const [wanted, found] = [theirs, mine].map((type) => {
      const all = checker.getPropertiesOfType(type).filter((symbol) => !isHidden(symbol));
      return new Map(all.map((symbol) => [symbol.escapedName, symbol]));
    });
    const beyond = [...found.keys()].filter((name) => !wanted.has(name));
    return [
      ...[...wanted].flatMap(([name, one]) => field(one, found.get(name), `${place}.${one.name}`)),
      ...beyond.map((name) => `${place}.${name} is not npm stytch's`),
    ];
  }

  function field(wanted, found, place) {
    if (wanted === found) return [];
    if (!found) return [`${place} is missing`];
    const optional = [wanted, found].map(({ flags }) => Boolean(flags & ts.SymbolFlags.Optional));
    if (optional[0] !== optional[1]) return [`${place} is ${optional[1] ? "" : "not "}optional`];
    if (isReadonly(found) && !isReadonly(wanted)) return [`${place} is readonly`];
    return agree(checker.getTypeOfSymbol(wanted), checker.getTypeOfSymbol(found), place);
  }

  function signatures(which, theirs, mine, place) {
    const [wanted, found] = [theirs, mine].map((type) => type[which]());
    if (wanted.length !== found.length)
      return [`${place} has ${found.length} signatures of ${wanted.length}`];
    return wanted.flatMap((one, number) => signature(one, found[number], place));
  }

  function signature(wanted, found, place) {
    const [few, many] = [wanted, found].map((one) => one.getParameters());
    const shortest = [wanted, found].map((one) => one.minArgumentCount);
    const counts = few.length === many.length && shortest[0] === shortest[1];
    return [
      ...(counts ? [] : [`${place} takes ${shortest[1]} to ${many.length} arguments`]),
      ...few.slice(0, many.length).flatMap((parameter, number) => {
        const types = [parameter, many[number]].map((symbol) => checker.getTypeOfSymbol(symbol));
        return agree(...types, `${place} argument ${number + 1}`);
      }),
      ...agree(wanted.getReturnType(), found.getReturnType(), `${place} result`),
    ];
  }

  function indexes(theirs, mine, place) {
    const [wanted, found] = [theirs, mine].map((type) => checker.getIndexInfosOfType(type));
    if (wanted.length !== found.length) return [`${place} has ${found.length} index signatures`];
    return wanted.flatMap(({ type }, number) => agree(type, found[number].type, `${place}[]`));
  }
}

/** The type's file in npm stytch's declarations, without its ending. */
export function homeOf(symbol) {
  const file = symbol?.declarations?.[0]?.getSourceFile().fileName ?? "";
  return /\/node_modules\/stytch\/types\/lib\/(.*)\.d\.ts$/.exec(file)?.[1];
}

function isForeign({ symbol }) {
  return Boolean(symbol?.declarations) && !homeOf(symbol);
}

function isAny({ flags }) {
  return Boolean(flags & ts.TypeFlags.Any);
}

function isObject({ flags }) {
  return Boolean(flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
}

function isHidden({ declarations = [] }) {
  return declarations.some(
    (one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.NonPublicAccessibilityModifier,
  );
}

function isReadonly({ declarations = [] }) {
  return declarations.some((one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly);
}
