// The measurements in a process of Node, Deno or Bun. It reads its task from one argument, and
// prints the result as one line of JSON.

const given = JSON.parse((globalThis.Deno?.args ?? globalThis.process.argv.slice(2))[0]);
const tasks = { laps, growth, start };
console.log(JSON.stringify(await tasks[given.task](given)));

async function laps({ server, plan, freshFrom }) {
  const { measure, timedLap } = await import("./measure.mjs");
  const { checksOf } = await import("./laps.mjs");
  const [ours, sync, stytch, jose] = await Promise.all(["ours", "sync", "stytch", "jose"].map(contestant));
  return measure(timedLap(checksOf({ ours, sync, stytch, jose }, server), await pool(server)), plan, freshFrom);
}

async function growth({ server, plan }) {
  // The first import, so that it wraps `WebAssembly.Instance` before the package is loaded.
  const { growth } = await import("./growth.mjs");
  return growth(await contestant("ours"), server, await pool(server), plan.memory);
}

/** Milliseconds from the import of one contestant to its first checked token. */
async function start({ server, module, token, expected }) {
  const started = performance.now();
  const check = (await contestant(module))(server);
  const found = await check(token);
  const took = performance.now() - started;
  if (found !== expected) throw new Error(`${module} returned ${found}`);
  return took;
}

async function contestant(name) {
  return (await import(`./contestants/${name}.mjs`)).default;
}

async function pool({ url }) {
  return (await fetch(`${url}/tokens`)).json();
}
