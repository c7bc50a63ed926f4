// What a process of Node, Deno or Bun does here: reads what it is asked as one
// argument of JSON, and prints what it found as one line of it.

const asked = JSON.parse((globalThis.Deno?.args ?? globalThis.process.argv.slice(2))[0]);
const tasks = { laps, growth, start };
console.log(JSON.stringify(await tasks[asked.task](asked)));

async function laps({ stand, plan, freshFrom }) {
  const { measure, timedLap } = await import("./measure.mjs");
  const { checksOf } = await import("./laps.mjs");
  const [ours, sync, stytch, jose] = await Promise.all(["ours", "sync", "stytch", "jose"].map(contestant));
  return measure(timedLap(checksOf({ ours, sync, stytch, jose }, stand), await pool(stand)), plan, freshFrom);
}

async function growth({ stand, plan }) {
  // First, so that it sees the wasm start.
  const { growth } = await import("./growth.mjs");
  return growth(await contestant("ours"), stand, await pool(stand), plan.memory);
}

/** Milliseconds from the import of one contestant to its first checked token. */
async function start({ stand, module, token, expected }) {
  const started = performance.now();
  const check = (await contestant(module))(stand);
  const found = await check(token);
  const took = performance.now() - started;
  if (found !== expected) throw new Error(`${module} gave ${found}`);
  return took;
}

async function contestant(name) {
  return (await import(`./contestants/${name}.mjs`)).default;
}

async function pool({ url }) {
  return (await fetch(`${url}/tokens`)).json();
}
