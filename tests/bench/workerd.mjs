// workerd, timed from outside: the round trip of an empty lap is subtracted. The time of a first
// check includes the start of workerd. Each contestant is a Worker, all of them in one process.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleScript, WASM_FOLDER } from "../runtimes/inside/bundle.mjs";
import { serveWorkers, workerdProgram } from "../runtimes/inside/serve-workers.mjs";
import { sessionId } from "./inside/laps.mjs";
import { inRounds, measure } from "./inside/measure.mjs";
import { measureLoad } from "./load.mjs";
import { partsInWorkerd } from "./workerd-parts.mjs";
import { textOf } from "./processes.mjs";
import { configOf } from "./workers.mjs";

/** The runtime. It writes its files to `folder`. `before` describes an older package. */
export function workerd(folder, before) {
  const built = new Map();
  /** The folder of a contestant's Worker. */
  const workerOf = (module) => {
    if (!built.has(module)) built.set(module, buildWorker(join(folder, module), module, before));
    return built.get(module);
  };
  return {
    version: async () => /\d\S+/.exec(await textOf(workerdProgram(), ["--version"]))[0],

    async laps({ server, plan, freshFrom, loadFrom, tokens, contestants }) {
      const all = { ...contestants.first, ...contestants.again, ...contestants.loadFirst };
      const workers = {};
      for (const [name, { module }] of Object.entries(all)) workers[name] = await workerOf(module);
      const { urls, end } = await serve(join(folder, "laps"), Object.values(workers));
      const urlOf = Object.fromEntries(Object.keys(workers).map((name, at) => [name, urls[`worker-${at}`]]));
      for (const [name, { keys }] of Object.entries(all)) await ask(`${urlOf[name]}/prepare`, { name, keys, server });
      const names = Object.fromEntries(Object.entries(contestants).map(([part, its]) => [part, Object.keys(its)]));
      const found = await measure(await lapFromOutside(urlOf), names, plan, freshFrom);
      const guards = Object.fromEntries(Object.entries(urlOf).map(([name, url]) => [name, `${url}/guard`]));
      const load = await measureLoad(guards, names, tokens, plan, loadFrom);
      await end();
      return { ...found, ...load };
    },

    async starts({ server, plan, tokens }, contestants) {
      const folders = {};
      for (const [name, { module }] of Object.entries(contestants)) {
        folders[name] = join(folder, `start-${encodeURIComponent(name)}-${contestants[name].keys}`);
        await writeConfig(folders[name], [await workerOf(module)]);
      }
      return inRounds(plan, Object.keys(contestants), async (name) => {
        const started = performance.now();
        const { urls, end } = await serveWorkers(folders[name], ["worker-0"]);
        const found = await ask(`${urls["worker-0"]}/start`, { server, keys: contestants[name].keys, token: tokens[0] });
        const took = performance.now() - started;
        await end();
        if (name !== "no check" && found !== sessionId(0)) throw new Error(`${name} returned ${found}`);
        return took;
      }, plan.starts);
    },

    parts: (given) => partsInWorkerd(join(folder, "parts"), given, build),

    async growth({ server, plan }) {
      const worker = await build(join(folder, "growth-worker"), inside("growth-worker.mjs"), WASM_FOLDER);
      const { urls, end } = await serve(join(folder, "growth"), [worker]);
      const after = async (of, most) => {
        let bytes;
        // One request for all checks would take too long.
        for (let count = 0; count < most; ) {
          count = Math.min(count + MOST_PER_REQUEST, most);
          bytes = JSON.parse(await ask(urls["worker-0"], { server, of, count }));
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
async function lapFromOutside(urlOf) {
  const timed = async (name, lap) => {
    const started = performance.now();
    await ask(`${urlOf[name]}/lap`, lap);
    return performance.now() - started;
  };
  const trips = [];
  while (trips.length < TRIPS) trips.push(await timed("no check", { from: 0, count: 0, times: 0 }));
  // The fastest trip, because on a busy machine other trips may take longer than a whole lap.
  const roundTrip = Math.min(...trips);
  return async (name, lap) => (await timed(name, lap)) - roundTrip;
}

async function buildWorker(folder, module, before) {
  const [, name] = module.split("/");
  const contestant = name ? join(before.contestants, `${name}.mjs`) : inside(`contestants/${module}.mjs`);
  await mkdir(folder, { recursive: true });
  const entry = join(folder, "entry.mjs");
  const source = `import * as contestant from ${JSON.stringify(contestant)};
import { workerOf } from ${JSON.stringify(inside("worker.mjs"))};
export default workerOf(contestant);
`;
  await writeFile(entry, source);
  return build(folder, entry, name ? before.wasm : WASM_FOLDER);
}

/** Bundles a Worker with the files of the folder `wasms` that it imports. Returns its folder. */
async function build(folder, entry, wasms) {
  await mkdir(folder, { recursive: true });
  for (const name of await bundleScript(entry, folder)) await copyFile(join(wasms, name), join(folder, name));
  return folder;
}

async function serve(folder, workers) {
  await writeConfig(folder, workers);
  return serveWorkers(folder, workers.map((_, at) => `worker-${at}`));
}

async function writeConfig(folder, workers) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.capnp"), configOf(workers, folder));
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
