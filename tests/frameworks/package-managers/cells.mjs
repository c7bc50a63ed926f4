// Package managers that do not lay out node_modules as npm does: pnpm, whose packages see only
// what they depend on, and Yarn Plug'n'Play, which has no node_modules. Both install the package's
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
    run: async (stand) => {
      const { cwd, program, env } = await newServer(stand, "pnpm/bin/pnpm.mjs");
      const options = ["--offline", `--store-dir=${stand.elsewhere("store")}`];
      await stand.exec("node", [program, "install", ...options], { cwd, env, node: "newer" });
      matches(realpathSync(join(cwd, "node_modules/stytch-edge")), /node_modules.\.pnpm./, "the package's folder");
      for (const file of ["server.js", "server.cjs"]) await guards(stand, [file], { cwd, env });
    },
  },
  {
    name: "package managers: Yarn Plug'n'Play",
    group: "package-managers",
    seconds: 3,
    often: true,
    run: async (stand) => {
      const { cwd, program, env } = await newServer(stand, "@yarnpkg/cli-dist/bin/yarn.js");
      await stand.exec("node", [program, "install"], { cwd, env });
      same(readdirSync(cwd).includes("node_modules"), false, "there are node_modules");
      for (const file of ["server.js", "server.cjs"]) await guards(stand, [program, "node", file], { cwd, env });
    },
  },
];

/** A server without packages, its package manager's program, and variables that keep that from the network and the user's folders. */
async function newServer(stand, program) {
  const cwd = stand.elsewhere("a server, größer");
  cpSync(fileURLToPath(new URL("server", import.meta.url)), cwd, { recursive: true });
  cpSync(process.env.STYTCH_TARBALL, stand.elsewhere("stytch-edge.tgz"));
  const env = {
    HOME: stand.elsewhere("home"),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_NETWORK: "false",
    YARN_ENABLE_TELEMETRY: "false",
  };
  return { cwd, program: join(await installed("package-managers"), "node_modules", program), env };
}

async function guards(stand, given, { cwd, env }) {
  const port = await stand.port();
  const { url, end } = await stand.serve("node", given, { cwd, env: { ...env, PORT: port }, port });
  await stand.visits.check(url);
  await end();
}
