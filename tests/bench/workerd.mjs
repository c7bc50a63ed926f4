// workerd, timed from outside: the round trip of an empty lap is taken off. Its
// first check is a whole workerd, started and asked for one.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle, WASM } from "../runtimes/inside/bundle.mjs";
import { oneWorker, serveWorkers, workerdProgram } from "../runtimes/inside/serve-workers.mjs";
import { CONTESTANTS, sessionId } from "./inside/laps.mjs";
import { measure, measureStarts } from "./inside/measure.mjs";
import { measureLoad } from "./load.mjs";
import { textOf } from "./processes.mjs";

const COMPATIBILITY_DATE = "2025-03-01";
const STARTERS = { ...CONTESTANTS, nobody: "nobody" };

/** The runtime; `folder` is for what it serves. */
export function workerd(folder) {
  return {
    version: async () => /\d\S+/.exec(await textOf(workerdProgram(), ["--version"]))[0],

    async laps({ stand, plan, freshFrom, loadFrom, tokens }) {
      const { url, end } = await serve(join(folder, "laps"), inside("worker.mjs"));
      await ask(`${url}/prepare`, stand);
      const found = await measure(await lapFromOutside(url), plan, freshFrom);
      const load = await measureLoad(`${url}/guard`, tokens, plan.load, loadFrom);
      await end();
      return { ...found, ...load };
    },

    async starts({ stand, plan, tokens }) {
      const folders = {};
      for (const module of new Set(Object.values(STARTERS))) {
        const source = `import make from ${JSON.stringify(inside(`contestants/${module}.mjs`))};
import { startWorker } from ${JSON.stringify(inside("start-worker.mjs"))};
export default startWorker(make);`;
        folders[module] = join(folder, module);
        const entry = join(folder, `${module}.mjs`);
        await writeFile(entry, source);
        await prepare(folders[module], entry);
      }
      return measureStarts(STARTERS, plan.starts, async (module) => {
        const started = performance.now();
        const { urls, end } = await serveWorkers(folders[module], ["worker"]);
        const found = await ask(urls.worker, { stand, token: tokens[0] });
        const took = performance.now() - started;
        await end();
        if (module !== "nobody" && found !== sessionId(0)) throw new Error(`${module} gave ${found}`);
        return took;
      });
    },

    async growth({ stand, plan }) {
      const { url, end } = await serve(join(folder, "growth"), inside("growth-worker.mjs"));
      const after = async (of, most) => {
        let bytes;
        // No request may last for ever.
        for (let count = 0; count < most; ) {
          count = Math.min(count + A_REQUEST_FULL, most);
          bytes = JSON.parse(await ask(url, { stand, of, count }));
        }
        return bytes;
      };
      const { few, many, clientsFew, clientsMany } = plan.memory;
      const checks = [await after("checks", few), await after("checks", many)];
      const clients = [await after("clients", clientsFew), await after("clients", clientsMany)];
      await end();
      return { checks, clients };
    },
  };
}

/** A lap on this process's clock, without the way there and back. */
async function lapFromOutside(url) {
  const timed = async (name, lap) => {
    const started = performance.now();
    await ask(`${url}/lap`, { name, ...lap });
    return performance.now() - started;
  };
  const trips = [];
  while (trips.length < TRIPS) trips.push(await timed("nobody", { from: 0, count: 0, times: 0 }));
  // The fastest: on a busy machine any other may be longer than a whole lap.
  const way = Math.min(...trips);
  return async (name, lap) => (await timed(name, lap)) - way;
}

async function serve(folder, entry) {
  await prepare(folder, entry);
  const { urls, end } = await serveWorkers(folder, ["worker"]);
  return { url: urls.worker, end };
}

async function prepare(folder, entry) {
  await mkdir(folder);
  const wasm = () => ({ path: "./stytch_edge.wasm", external: true });
  const outfile = join(folder, "worker.js");
  await bundle(entry, { condition: "workerd", outfile, define: {}, format: "esm", wasm });
  await copyFile(WASM, join(folder, "stytch_edge.wasm"));
  await writeFile(join(folder, "config.capnp"), oneWorker(COMPATIBILITY_DATE));
}

async function ask(url, body) {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`workerd answered ${answer.status}: ${text}`);
  return text;
}

const inside = (path) => fileURLToPath(new URL(`inside/${path}`, import.meta.url));
const TRIPS = 40;
const A_REQUEST_FULL = 10_000;
