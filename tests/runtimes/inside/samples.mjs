// Sample values for every method of npm stytch, generated from its declarations: arguments and
// results.

import ts from "typescript";

import { offers } from "./facts.mjs";

/**
 * The rows of facts.mjs, each with samples: `required` has the required arguments of the
 * method, `all` has all arguments, and `result` is a result. `file` is the path of the
 * importing module.
 */
export function sampledOffers(file) {
  const program = programOf(file, `import * as official from "stytch"; export { official };`);
  const checker = program.getTypeChecker();
  const [statement] = program.getSourceFile(file).statements;
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(statement.moduleSpecifier));
  return offers.map((offer) => {
    const { client, path } = offer;
    const top = checker.getDeclaredTypeOfSymbol(symbols.find(({ name }) => name === client));
    const type = path.reduce((type, name) => checker.getTypeOfSymbol(type.getProperty(name)), top);
    const [signature] = type.getCallSignatures();
    const parameters = signature.getParameters().map((symbol) => checker.getTypeOfSymbol(symbol));
    const values = (everything) => parameters.map((type) => sample(checker, type, everything, "argument"));
    const result = checker.getAwaitedType(signature.getReturnType());
    return {
      ...offer,
      required: values(false).slice(0, 1),
      all: values(true),
      result: sample(checker, result, true, "result"),
    };
  });
}

/** A sample value of a type. Strings contain `name`, so that their origin is visible. */
function sample(checker, type, everything, name, above = []) {
  const inner = (type, name) => sample(checker, type, everything, name, [...above, plain]);
  const plain = checker.getNonNullableType(type);
  if (plain.isUnion() && !(plain.flags & ts.TypeFlags.Boolean)) return inner(plain.types[0], name);
  if (plain.isStringLiteral()) return plain.value;
  if (plain.flags & ts.TypeFlags.StringLike) return `a-${name}`;
  if (plain.flags & ts.TypeFlags.NumberLike) return 7;
  if (plain.flags & ts.TypeFlags.BooleanLike) return true;
  if (plain.getSymbol()?.name === "Date") return new Date(4_102_444_800_000);
  if (above.includes(plain)) return {};
  if (checker.isArrayType(plain)) {
    const [element] = checker.getTypeArguments(plain);
    // One element of each kind, because the fields of search operands identify their kind.
    const kinds = element.isUnion() && !(element.flags & ts.TypeFlags.Boolean) ? element.types : [element];
    return everything ? kinds.map((kind) => inner(kind, name)) : [];
  }
  if (plain.getCallSignatures().length > 0) return () => true;
  const fields = checker.getPropertiesOfType(plain).filter((field) => !isPrivate(field));
  if (fields.length === 0) return { [`${name}_key`]: ["text", null, 1.5] };
  const wanted = fields.filter(({ flags }) => everything || !(flags & ts.SymbolFlags.Optional));
  return Object.fromEntries(
    wanted.map((field) => [field.name, inner(checker.getTypeOfSymbol(field), field.name)]),
  );
}

function isPrivate({ declarations = [] }) {
  return declarations.some(
    (one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.NonPublicAccessibilityModifier,
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
