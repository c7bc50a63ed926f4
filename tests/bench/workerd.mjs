// workerd, timed from outside: the round trip of an empty lap is subtracted. The time of a first
// check includes the start of workerd.

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
const STARTERS = { ...CONTESTANTS, "no check": "baseline" };

/** The runtime. It writes its files to `folder`. */
export function workerd(folder) {
  return {
    version: async () => /\d\S+/.exec(await textOf(workerdProgram(), ["--version"]))[0],

    async laps({ server, plan, freshFrom, loadFrom, tokens }) {
      const { url, end } = await serve(join(folder, "laps"), inside("worker.mjs"));
      await ask(`${url}/prepare`, server);
      const found = await measure(await lapFromOutside(url), plan, freshFrom);
      const load = await measureLoad(`${url}/guard`, tokens, plan.load, loadFrom);
      await end();
      return { ...found, ...load };
    },

    async starts({ server, plan, tokens }) {
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
        const found = await ask(urls.worker, { server, token: tokens[0] });
        const took = performance.now() - started;
        await end();
        if (module !== "baseline" && found !== sessionId(0)) throw new Error(`${module} returned ${found}`);
        return took;
      });
    },

    async growth({ server, plan }) {
      const { url, end } = await serve(join(folder, "growth"), inside("growth-worker.mjs"));
      const after = async (of, most) => {
        let bytes;
        // One request for all checks would take too long.
        for (let count = 0; count < most; ) {
          count = Math.min(count + MOST_PER_REQUEST, most);
          bytes = JSON.parse(await ask(url, { server, of, count }));
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

/** A lap on this process's clock, without the round trip. */
async function lapFromOutside(url) {
  const timed = async (name, lap) => {
    const started = performance.now();
    await ask(`${url}/lap`, { name, ...lap });
    return performance.now() - started;
  };
  const trips = [];
  while (trips.length < TRIPS) trips.push(await timed("no check", { from: 0, count: 0, times: 0 }));
  // The fastest trip, because on a busy machine other trips may take longer than a whole lap.
  const roundTrip = Math.min(...trips);
  return async (name, lap) => (await timed(name, lap)) - roundTrip;
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
  if (!answer.ok) throw new Error(`workerd responded with ${answer.status}: ${text}`);
  return text;
}

const inside = (path) => fileURLToPath(new URL(`inside/${path}`, import.meta.url));
const TRIPS = 40;
const MOST_PER_REQUEST = 10_000;
