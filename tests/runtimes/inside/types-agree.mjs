// Compares two types in every field: they must be assignable in both directions, and have the
// same fields, the same optional fields and `any` in the same fields. Assignability alone is not
// sufficient: it ignores a missing optional field, and fields of type `any`.

import ts from "typescript";

/**
 * Returns a function that lists the differences of two types, as texts that begin with the path
 * of the type. A difference in a nested type is not repeated for the containing type. `reached`
 * is called with every compared type of `theirs`, and may return its name.
 */
export function comparer(checker, reached) {
  const known = new Map();
  return agree;

  function agree(theirs, mine, path) {
    [theirs, mine] = [theirs, mine].map((type) => checker.getNonNullableType(type));
    if (theirs === mine) return [];
    const name = reached(theirs);
    const here = name === undefined || isAny(mine) ? path : name;
    if (!isObject(theirs) || !isObject(mine) || isForeign(theirs)) return problemsOf(theirs, mine, here);
    const key = `${theirs.id} ${mine.id}`;
    // A recursive type is compared once.
    if (!known.has(key)) known.set(key, []).set(key, problemsOf(theirs, mine, here));
    return known.get(key);
  }

  function problemsOf(theirs, mine, path) {
    if (isAny(mine) !== isAny(theirs)) return [`${path} is ${isAny(mine) ? "" : "not "}any`];
    if (isAny(mine)) return [];
    const inside = partsOf(theirs, mine, path);
    const hidden = checker.getPropertiesOfType(theirs).some(isHidden);
    // Only instances of the same class are assignable to a class with private members.
    if (hidden) return [...inside, `${path} has private members`];
    return inside.length > 0 ? inside : assignable(theirs, mine, path);
  }

  function assignable(theirs, mine, path) {
    const shown = [theirs, mine].map((type) => checker.typeToString(type).slice(0, 200));
    const both = checker.isTypeAssignableTo(theirs, mine) && checker.isTypeAssignableTo(mine, theirs);
    return both ? [] : [`${path} is ${shown[1]} instead of ${shown[0]}`];
  }

  function partsOf(theirs, mine, path) {
    if (theirs.isUnion() || mine.isUnion()) return unions(theirs, mine, path);
    if (!isObject(theirs) || !isObject(mine)) return [];
    if (isForeign(theirs)) {
      // A Promise or a Record is compared by its type arguments.
      if (theirs.symbol !== mine.symbol) return [];
      const isReference = theirs.objectFlags & mine.objectFlags & ts.ObjectFlags.Reference;
      return isReference ? given(theirs, mine, path) : indexes(theirs, mine, path);
    }
    return [
      ...fields(theirs, mine, path),
      ...signatures("getCallSignatures", theirs, mine, path),
      ...signatures("getConstructSignatures", theirs, mine, path),
      ...indexes(theirs, mine, path),
    ];
  }

  /** Each object type in one union must have a counterpart in the other. */
  function unions(theirs, mine, path) {
    const objects = (type) => (type.isUnion() ? type.types : [type]).filter(isObject);
    return objects(theirs).flatMap((one, number) => {
      const here = `${path} (${number + 1})`;
      const tries = objects(mine).map((other) => agree(one, other, here));
      tries.sort((a, b) => a.length - b.length);
      return tries[0] ?? [`${here} is missing`];
    });
  }

  function given(theirs, mine, path) {
    const [wanted, found] = [theirs, mine].map((type) => checker.getTypeArguments(type));
    return wanted.flatMap((type, number) => agree(type, found[number], `${path} <${number + 1}>`));
  }

  function fields(theirs, mine, path) {
    const [wanted, found] = [theirs, mine].map((type) => {
      const all = checker.getPropertiesOfType(type).filter((symbol) => !isHidden(symbol));
      return new Map(all.map((symbol) => [symbol.escapedName, symbol]));
    });
    const beyond = [...found.keys()].filter((name) => !wanted.has(name));
    return [
      ...[...wanted].flatMap(([name, one]) => field(one, found.get(name), `${path}.${one.name}`)),
      ...beyond.map((name) => `${path}.${name} is not npm stytch's`),
    ];
  }

  function field(wanted, found, path) {
    if (wanted === found) return [];
    if (!found) return [`${path} is missing`];
    const optional = [wanted, found].map(({ flags }) => Boolean(flags & ts.SymbolFlags.Optional));
    if (optional[0] !== optional[1]) return [`${path} is ${optional[1] ? "" : "not "}optional`];
    if (isReadonly(found) && !isReadonly(wanted)) return [`${path} is readonly`];
    return agree(checker.getTypeOfSymbol(wanted), checker.getTypeOfSymbol(found), path);
  }

  function signatures(which, theirs, mine, path) {
    const [wanted, found] = [theirs, mine].map((type) => type[which]());
    if (wanted.length !== found.length)
      return [`${path} has ${found.length} signatures of ${wanted.length}`];
    return wanted.flatMap((one, number) => signature(one, found[number], path));
  }

  function signature(wanted, found, path) {
    const [few, many] = [wanted, found].map((one) => one.getParameters());
    const shortest = [wanted, found].map((one) => one.minArgumentCount);
    const counts = few.length === many.length && shortest[0] === shortest[1];
    return [
      ...(counts ? [] : [`${path} takes ${shortest[1]} to ${many.length} arguments`]),
      ...few.slice(0, many.length).flatMap((parameter, number) => {
        const types = [parameter, many[number]].map((symbol) => checker.getTypeOfSymbol(symbol));
        return agree(...types, `${path} argument ${number + 1}`);
      }),
      ...agree(wanted.getReturnType(), found.getReturnType(), `${path} result`),
    ];
  }

  function indexes(theirs, mine, path) {
    const [wanted, found] = [theirs, mine].map((type) => checker.getIndexInfosOfType(type));
    if (wanted.length !== found.length) return [`${path} has ${found.length} index signatures`];
    return wanted.flatMap(({ type }, number) => agree(type, found[number].type, `${path}[]`));
  }
}

/** The type's file in npm stytch's declarations, without its extension. */
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
