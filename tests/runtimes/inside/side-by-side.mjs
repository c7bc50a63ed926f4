// Sets the types of the package beside those of npm stytch, name by name: the
// names are read from the package, so that nothing that is added is forgotten.

import ts from "typescript";

/** Exported types that npm stytch has not, or does not export. */
const BEYOND = [
  "Authorization",
  "ClientConfig",
  "Environment",
  "MemberSearchOperand",
  "OrganizationSearchOperand",
];

/** Configurations accept more than npm stytch's, which names undici's dispatcher. */
const CONFIGS = ["SamlShieldClientConfig"];

/**
 * `ConnectedApp` and what holds it: npm stytch exports a class of that name in place
 * of the shape, with private members that nothing else can have.
 */
const HOLDS_A_PRIVATE_CLASS = {
  types: /^ConnectedApp(sClients(Get|Search|Update|SecretsRotate|SecretsRotateCancel)Response)?$/,
  results: /\["connectedApp"\]\["clients"\](\["secrets"\])?\["(get|search|update|rotate|rotateCancel)"\]$/,
};

/**
 * Texts that compile if the types agree, by the name of the test. `file` is where
 * they pretend to be.
 */
export function sideBySide(file, options) {
  const { checker, exported } = read(file, options);
  const [ours, official] = [exported("stytch-edge"), exported("stytch")];
  const types = [...ours.values()].filter(isPlainType).map(({ name }) => name);
  const both = types.filter(
    (name) => official.has(name) && !CONFIGS.includes(name) && !HOLDS_A_PRIVATE_CLASS.types.test(name),
  );
  const beyond = types.filter((name) => !official.has(name) && !BEYOND.includes(name));
  const classes = ["Client", "B2BClient", "SamlShieldClient"];
  const methods = classes.flatMap((name) =>
    methodsOf(checker, ours.get(name)).map((path) => `${name}${path}`),
  );
  if (both.length === 0 || methods.length === 0) throw new Error("no types were found to compare");
  return {
    [`each of ${both.length} exported types is that of npm stytch`]: text(
      both.map((name) => `agree<Same<ours.${name}, official.${name}>>();`),
    ),
    [`each of ${methods.length} methods takes and gives what npm stytch's does`]: text(
      methods.flatMap((method) => [
        `agree<Same<Parameters<ours.${method}>, Parameters<official.${method}>>>();`,
        ...(HOLDS_A_PRIVATE_CLASS.results.test(method) ? [] : [resultsAgree(method)]),
      ]),
    ),
    "clients and errors will do where npm stytch's are expected, and no type has another name": text([
      ...classes.map(
        (name) => `agree<${configOf("official", name)} extends ${configOf("ours", name)} ? true : false>();`,
      ),
      ...ERRORS.map((name) => `agree<ours.${name} extends official.${name} ? true : false>();`),
      "agree<typeof ours.envs extends { -readonly [name in keyof typeof official.envs]: string } ? true : false>();",
      ...beyond.map((name) => `agree<official.${name}>();`),
    ]),
  };
}

function resultsAgree(method) {
  return `agree<Same<ReturnType<ours.${method}>, ReturnType<official.${method}>>>();`;
}

function text(lines) {
  return `import type * as official from "stytch";
import type * as ours from "stytch-edge";
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
declare function agree<_ extends true>(): void;
${lines.join("\n")}
`;
}

const ERRORS = ["StytchError", "RequestError", "ClientError"];

function configOf(module, name) {
  return `ConstructorParameters<typeof ${module}.${name}>[0]`;
}

function read(file, options) {
  const host = ts.createCompilerHost({});
  const source = text(["export type { official, ours };"]);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, source, version, true) : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const imports = program.getSourceFile(file).statements.filter(ts.isImportDeclaration);
  const exported = (name) => {
    const specifier = imports.map((statement) => statement.moduleSpecifier).find(({ text }) => text === name);
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(specifier));
    return new Map(symbols.map((symbol) => [symbol.name, symbol]));
  };
  return { checker, exported };
}

function isPlainType({ flags }) {
  return (
    Boolean(flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) && !(flags & ts.SymbolFlags.Class)
  );
}

/** The paths of all methods below a class, as types spell them: `["users"]["get"]`. */
function methodsOf(checker, symbol) {
  const paths = [];
  const walk = (type, path) => {
    for (const property of checker.getPropertiesOfType(type)) {
      const [below, next] = [checker.getTypeOfSymbol(property), `${path}["${property.name}"]`];
      if (below.getCallSignatures().length > 0) paths.push(next);
      else walk(below, next);
    }
  };
  walk(checker.getDeclaredTypeOfSymbol(symbol), "");
  return paths;
}
