// Jest: in its default CommonJS mode, with a DOM, with ES modules, through Babel and through
// ts-jest.

import { matches } from "../../conformance/assert.js";
import { tokens } from "../tokens.mjs";

const RUNS = {
  CommonJS: { program: "commonjs", tests: 5 },
  "CommonJS, in a newer Node": { program: "commonjs", tests: 5, node: "newer" },
  "CommonJS with jsdom": { program: "jsdom", tests: 3 },
  "ES modules": { program: "modules", tests: 3, env: { NODE_OPTIONS: "--experimental-vm-modules" } },
  "babel-jest": { program: "babel", tests: 3 },
  "ts-jest": { program: "typescript", tests: 3 },
};

export const cells = Object.entries(RUNS).map(([name, { program, tests, env, node }]) => ({
  name: `jest: ${name}`,
  group: "jest",
  seconds: 3,
  often: true,
  awkward: true,
  run: async (harness) => {
    const cwd = await harness.project(program);
    const output = await harness.exec("jest", [], { cwd, node, env: { ...env, ...(await tokens(harness)) } });
    matches(output, new RegExp(`^Tests: +${tests} passed, ${tests} total$`, "m"), "the output of Jest");
  },
}));
