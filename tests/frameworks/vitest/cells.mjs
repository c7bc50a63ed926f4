// Vitest, in each of its environments.

import { matches } from "../../conformance/assert.js";
import { tokens } from "../tokens.mjs";

const RUNS = {
  "environment node": ["--environment=node"],
  "environment jsdom": ["--environment=jsdom"],
  "environment happy-dom": ["--config=happy-dom.config.js"],
  "environment node, with a context for each file": ["--environment=node", "--pool=vmThreads"],
  "environment node, with the package inlined": ["--config=inlined.config.js"],
  "environment jsdom, with a context for each file": ["--environment=jsdom", "--pool=vmThreads"],
};

export const cells = Object.entries(RUNS).map(([name, options]) => ({
  name: `vitest: ${name}`,
  group: "vitest",
  seconds: 3,
  often: true,
  run: async (harness) => {
    const cwd = await harness.project("app");
    const output = await harness.exec("vitest", ["run", ...options], { cwd, node: "newer", env: await tokens(harness) });
    matches(output, /^ +Tests +3 passed \(3\)$/m, "the output of Vitest");
  },
}));
