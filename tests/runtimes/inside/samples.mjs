// Sample arguments for every method of the package, made from its own types: a
// method that is added is driven without anybody writing it down here.

import ts from "typescript";

/**
 * The methods of the exported classes as rows `{ client, path, required, all }`,
 * where the last two are lists of arguments: the least that the types demand, and
 * everything that they know. `file` is where the reading program pretends to be.
 */
export function sampleCalls(file, classes) {
  const program = programOf(file, `import * as ours from "stytch-edge"; export { ours };`);
  const checker = program.getTypeChecker();
  const [statement] = program.getSourceFile(file).statements;
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(statement.moduleSpecifier));
  return classes.flatMap((client) => {
    const type = checker.getDeclaredTypeOfSymbol(symbols.find(({ name }) => name === client));
    return methodsOf(checker, type, []).map(({ path, signature }) => {
      const parameters = signature.getParameters().map((symbol) => checker.getTypeOfSymbol(symbol));
      const values = (everything) => parameters.map((type) => sample(checker, type, everything, "argument"));
      return { client, path, required: values(false).slice(0, 1), all: values(true) };
    });
  });
}

function methodsOf(checker, type, path) {
  return checker.getPropertiesOfType(type).flatMap((property) => {
    const below = checker.getTypeOfSymbol(property);
    const [signature] = below.getCallSignatures();
    const next = [...path, property.name];
    return signature ? [{ path: next, signature }] : methodsOf(checker, below, next);
  });
}

/** A value of a type; `name` makes texts tell where they came from. */
function sample(checker, type, everything, name) {
  const plain = checker.getNonNullableType(type);
  if (plain.isUnion() && !(plain.flags & ts.TypeFlags.Boolean)) {
    return sample(checker, plain.types[0], everything, name);
  }
  if (plain.isStringLiteral()) return plain.value;
  // What goes into a header must be visible ASCII.
  if (name === "session_token" || name === "session_jwt") return `a-${name}`;
  if (plain.flags & ts.TypeFlags.StringLike) return `${name} / é?#%"`;
  if (plain.flags & ts.TypeFlags.NumberLike) return 7;
  if (plain.flags & ts.TypeFlags.BooleanLike) return true;
  if (checker.isArrayType(plain)) {
    return everything ? [sample(checker, checker.getTypeArguments(plain)[0], everything, name)] : [];
  }
  if (plain.getCallSignatures().length > 0) return () => true;
  const fields = checker.getPropertiesOfType(plain);
  if (fields.length === 0) return { [`${name}_key`]: ["text", null, 1.5] };
  const wanted = fields.filter(({ flags }) => everything || !(flags & ts.SymbolFlags.Optional));
  return Object.fromEntries(
    wanted.map((field) => [field.name, sample(checker, checker.getTypeOfSymbol(field), everything, field.name)]),
  );
}

function programOf(file, text) {
  const host = ts.createCompilerHost({});
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version, true) : getSourceFile(name, version);
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
  };
  return ts.createProgram([file], options, host);
}
