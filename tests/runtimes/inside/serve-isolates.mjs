// Serves one Worker as several isolates of one workerd with the same KV namespace, with
// miniflare. It is a separate program, because miniflare requires a newer Node than the tests.
// It ends when its standard input ends.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { tools, folder, isolates } = JSON.parse(process.argv[2]);
const { Miniflare } = createRequire(join(tools, "..", "miniflare", "package.json"))("miniflare");

const text = readFileSync(join(folder, "worker.js"), "utf8");
const wasm = new Uint8Array(readFileSync(join(folder, "stytch_edge_relaxed_bg.wasm")));
const manifest = {
  mainModule: "worker.js",
  modules: {
    "worker.js": { type: "esm", contents: text },
    "stytch_edge_relaxed_bg.wasm": { type: "wasm", contents: wasm },
  },
};
const miniflare = new Miniflare({
  workers: isolates.map((name) => ({
    config: { name, compatibilityDate: "2025-09-01", manifest, env: { KEYS: { type: "kv", id: "keys" } } },
    dev: { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] },
  })),
});
await miniflare.ready;
const urls = await Promise.all(isolates.map((name) => miniflare.unsafeGetDirectURL(name)));
console.log(JSON.stringify(urls.map(({ origin }) => origin)));
process.stdin.resume().on("end", async () => {
  await miniflare.dispose();
  process.exit();
});
