// The parts of a cold start in workerd, timed from outside. What happens before the first request is the difference of
// the starts of three Workers: without the package, with its wasm only, and with the package.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { WASM_FOLDER } from "../runtimes/inside/bundle.mjs";
import { serveWorkers } from "../runtimes/inside/serve-workers.mjs";
import { measureParts, STARTS } from "./profile.mjs";
import { configOf } from "./workers.mjs";

/** Milliseconds by part. `build(folder, entry, wasms)` bundles a Worker. */
export async function partsInWorkerd(folder, { server, store, tokens, rounds }, build) {
  const sources = { empty: EMPTY };
  for (const { entry } of STARTS) {
    sources[entry] = withPackage(entry);
    sources[`${entry} wasm`] = withWasm(WASM_OF[entry]);
  }
  const folders = {};
  for (const [name, source] of Object.entries(sources)) {
    folders[name] = join(folder, name);
    await mkdir(folders[name], { recursive: true });
    await writeFile(join(folders[name], "entry.mjs"), source);
    await build(folders[name], join(folders[name], "entry.mjs"), WASM_FOLDER);
    await writeFile(join(folders[name], "config.capnp"), configOf([folders[name]], folders[name]));
  }
  const started = async (name, more = () => ({})) => {
    const before = performance.now();
    const { urls, end } = await serveWorkers(folders[name], ["worker-0"]);
    const url = urls["worker-0"];
    await post(`${url}/nothing`);
    const took = performance.now() - before;
    const found = await more(url);
    await end();
    return { took, ...found };
  };
  return measureParts(rounds, async ({ entry, keys }) => {
    const found = { empty: [], [`${entry} wasm`]: [], [entry]: [] };
    let requests;
    for (let time = 0; time < STARTS_EACH; time += 1) {
      for (const name of Object.keys(found)) {
        const { took, ...more } = await started(name, name === entry ? (url) => inRequests(url, { server, keys, store, tokens }) : undefined);
        found[name].push(took);
        requests = more;
      }
    }
    // The fastest starts, because the differences are small compared with the start of workerd.
    const [empty, wasm, all] = Object.values(found).map((times) => Math.min(...times));
    return { compile: wasm - empty, modules: all - wasm, ...requests };
  });
}

/** The parts that requests do, without their round trips. */
async function inRequests(url, given) {
  const timed = async (part) => {
    const before = performance.now();
    await post(`${url}/${part}`);
    return performance.now() - before;
  };
  await post(`${url}/given`, JSON.stringify(given));
  const trips = [];
  while (trips.length < TRIPS) trips.push(await timed("nothing"));
  const found = {};
  for (const part of ["client", "keys", "first", "other", "again"]) {
    found[part] = Math.max(0, (await timed(part)) - Math.min(...trips));
  }
  return found;
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`workerd responded with ${answer.status}: ${text}`);
}

const inside = (path) => JSON.stringify(fileURLToPath(new URL(`inside/${path}`, import.meta.url)));

const EMPTY = 'export default { fetch: () => new Response("done") };\n';

const withWasm = (name) => `import wasm from "${name}";
export default { fetch: () => new Response(String(wasm)) };
`;

const withPackage = (entry) => `import * as module from ${inside(`entries/${entry}.mjs`)};
import { partsWorker } from ${inside("parts-worker.mjs")};
export default partsWorker(module);
`;

/** The wasm of each entry. */
const WASM_OF = { "stytch-edge": "stytch_edge_relaxed_bg.wasm", verify: "stytch_edge_verify_relaxed_bg.wasm" };

const TRIPS = 30;
const STARTS_EACH = 4;
