// A Worker: built by wrangler, built by @cloudflare/vite-plugin, and in Cloudflare's Vitest plugin.

import { matches } from "../../conformance/assert.js";
import { tokens } from "../tokens.mjs";
import { serveWorker } from "../workers.mjs";

const USUAL = { group: "cloudflare", seconds: 5, often: true };

export const cells = [
  {
    ...USUAL,
    name: "cloudflare: wrangler",
    awkward: true,
    run: async (stand) => {
      const { url } = await serveWorker(stand, { cwd: await stand.project("worker") });
      await stand.visits.check(url);
    },
  },
  {
    ...USUAL,
    name: "cloudflare: @cloudflare/vite-plugin",
    run: async (stand) => {
      const cwd = await stand.project("worker");
      await stand.exec("vite", ["build"], { cwd, node: "newer" });
      const { url } = await serveWorker(stand, { cwd, given: ["--config", "dist/worker/wrangler.json"] });
      await stand.visits.check(url);
    },
  },
  {
    ...USUAL,
    name: "cloudflare: @cloudflare/vitest-plugin",
    run: async (stand) => {
      const cwd = await stand.project("worker");
      const output = await stand.exec("vitest", ["run"], { cwd, node: "newer", env: await tokens(stand) });
      matches(output, /^ +Tests +3 passed \(3\)$/m, "what Vitest printed");
    },
  },
];
