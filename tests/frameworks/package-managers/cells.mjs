// Package managers with another layout than npm: pnpm, in which packages can import only their
// dependencies, and Yarn Plug'n'Play, which does not use node_modules. Both install the package's
// tarball without the network.

import { cpSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { matches, same } from "../../conformance/assert.js";
import { installed } from "../installs.mjs";

export const cells = [
  {
    name: "package managers: pnpm",
    group: "package-managers",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const { cwd, program, env } = await newServer(harness, "pnpm/bin/pnpm.mjs");
      const options = ["--offline", `--store-dir=${harness.elsewhere("store")}`];
      await harness.exec("node", [program, "install", ...options], { cwd, env, node: "newer" });
      matches(realpathSync(join(cwd, "node_modules/stytch-edge")), /node_modules.\.pnpm./, "the package's folder");
      for (const file of ["server.js", "server.cjs"]) await guards(harness, [file], { cwd, env });
    },
  },
  {
    name: "package managers: Yarn Plug'n'Play",
    group: "package-managers",
    seconds: 3,
    often: true,
    run: async (harness) => {
      const { cwd, program, env } = await newServer(harness, "@yarnpkg/cli-dist/bin/yarn.js");
      await harness.exec("node", [program, "install"], { cwd, env });
      same(readdirSync(cwd).includes("node_modules"), false, "node_modules exists");
      for (const file of ["server.js", "server.cjs"]) await guards(harness, [program, "node", file], { cwd, env });
    },
  },
];

/** A server without packages, the manager's program, and variables that keep it off the network and the user's folders. */
async function newServer(harness, program) {
  const cwd = harness.elsewhere("a server, größer");
  cpSync(fileURLToPath(new URL("server", import.meta.url)), cwd, { recursive: true });
  cpSync(process.env.STYTCH_TARBALL, harness.elsewhere("stytch-edge.tgz"));
  const env = {
    HOME: harness.elsewhere("home"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_NETWORK: "false",
    YARN_ENABLE_TELEMETRY: "false",
  };
  return { cwd, program: join(await installed("package-managers"), "node_modules", program), env };
}

async function guards(harness, given, { cwd, env }) {
  const port = await harness.port();
  const { url, end } = await harness.serve("node", given, { cwd, env: { ...env, PORT: port }, port });
  await harness.guard.check(url);
  await end();
}
