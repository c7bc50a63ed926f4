// The contestants, and the measurements in which each one takes part. Their modules are in
// contestants/: each exports `fetched(server, path)` and `given(server, path)`, or one of them.
// Both return a check of a token, with keys from the server and with keys as an option.

/** The measurements. */
export const PARTS = ["first", "again", "start", "given", "loadFirst", "loadAgain"];

const EVERYWHERE = ["node", "deno", "bun", "workerd", "chromium"];
const LOAD = ["loadFirst", "loadAgain"];
const WITH_NODE_CRYPTO = ["node", "deno", "bun"];
const without = (part) => PARTS.filter((other) => other !== part);

/**
 * The columns of the tables. `ours` marks the methods of stytch-edge, which an older package has too. The first
 * contestant is measured twice, to show the noise. `why` explains the empty cells.
 */
const CONTESTANTS = {
  "stytch-edge": { module: "ours", ours: true },
  "once more": { module: "ours" },
  "without await": { module: "sync", ours: true, laps: "given" },
  authenticateRequest: { module: "request", ours: true, parts: ["again", ...LOAD] },
  "verify entry": { module: "verify", ours: true, parts: ["start", "given"] },
  stytch: { module: "stytch", parts: without("given"), why: { given: "has no option for keys" } },
  jose: { module: "jose" },
  "fast-jwt": {
    module: "fast-jwt",
    parts: without("start"),
    runtimes: WITH_NODE_CRYPTO,
    laps: "given",
    why: {
      start: "does not fetch keys",
      workerd: "cannot verify a signature: `verify` of workerd's node:crypto does not accept its key",
      chromium: "requires node:crypto",
    },
  },
  "aws-jwt-verify": { module: "aws-jwt-verify" },
  "no check": { module: "baseline", parts: ["start", "given", ...LOAD], runtimes: ["workerd"] },
};

/** The contestants of one part in one runtime, by name: the module, and `fetched` or `given`. */
export function contestantsOf(part, runtime, before = false) {
  const found = Object.entries(all(before)).filter(
    ([, { parts = PARTS, runtimes = EVERYWHERE }]) => parts.includes(part) && runtimes.includes(runtime),
  );
  const keys = (laps = "fetched") => (part === "start" ? "fetched" : part === "given" ? "given" : laps);
  return Object.fromEntries(found.map(([name, { module, laps }]) => [name, { module, keys: keys(laps) }]));
}

/** Every column in its order, with those of an older package if there is such a package. */
export const columns = (before) => Object.keys(all(before));

/** The pairs of a method now and in the older package. */
export const pairsWithBefore = () =>
  Object.keys(CONTESTANTS)
    .filter((name) => CONTESTANTS[name].ours)
    .map((name) => [name, beforeOf(name)]);

/** The reasons for the empty cells of a part. */
export function reasonsOf(part, runtimes) {
  return Object.entries(CONTESTANTS).flatMap(([name, { why = {} }]) =>
    // A reason for the whole part makes those for runtimes superfluous.
    (why[part] ? [part] : runtimes).filter((of) => why[of]).map((of) => `${of === part ? "" : `${of}: `}${name} ${why[of]}`),
  );
}

/** The name of a contestant in the older package. */
export const beforeOf = (name) => (name === "stytch-edge" ? "before" : `${name}, before`);

/** The contestants. The modules of an older package have the prefix "before/". */
function all(before) {
  if (!before) return CONTESTANTS;
  return Object.fromEntries(
    Object.entries(CONTESTANTS).flatMap(([name, its]) =>
      its.ours ? [[name, its], [beforeOf(name), { ...its, module: `before/${its.module}` }]] : [[name, its]],
    ),
  );
}
