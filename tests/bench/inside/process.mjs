// The measurements in a process of Node, Deno or Bun. It reads its task from one argument, and
// prints the result as one line of JSON. `before` is the URL of the contestants of an older package.

const given = JSON.parse((globalThis.Deno?.args ?? globalThis.process.argv.slice(2))[0]);
const tasks = { laps, growth, start, parts };
console.log(JSON.stringify(await tasks[given.task](given)));

async function laps({ server, plan, freshFrom, contestants }) {
  const { measure, timedLap } = await import("./measure.mjs");
  const { checkOf, runLap } = await import("./laps.mjs");
  const checks = {};
  for (const [name, { keys, module }] of Object.entries({ ...contestants.first, ...contestants.again })) {
    checks[name] = checkOf(name, keys, await contestant(module), server);
  }
  const names = { first: Object.keys(contestants.first), again: Object.keys(contestants.again) };
  return measure(timedLap(checks, await pool(server), runLap), names, plan, freshFrom);
}

async function growth({ server, plan }) {
  // The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
  const { growth } = await import("./growth.mjs");
  return growth((await contestant("ours")).fetched, server, await pool(server), plan.memory);
}

/** Milliseconds from the import of one contestant to its first checked token. */
async function start({ server, module, keys, token, expected }) {
  const started = performance.now();
  const check = (await contestant(module))[keys](server);
  const found = await check(token);
  const took = performance.now() - started;
  if (found !== expected) throw new Error(`${module} returned ${found}`);
  return took;
}

/** Milliseconds of the parts of a cold start. */
async function parts({ entry, ...given }) {
  // The first import, so that it replaces the functions before the package is loaded.
  const { partsOf } = await import("./parts.mjs");
  return partsOf(() => import(`./entries/${entry}.mjs`), given);
}

function contestant(module) {
  const [folder, older] = module.split("/");
  return import(older ? `${given[folder]}/${older}.mjs` : `./contestants/${module}.mjs`);
}

async function pool({ url }) {
  return (await fetch(`${url}/tokens`)).json();
}
