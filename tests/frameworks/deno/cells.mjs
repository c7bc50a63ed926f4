// Deno with the package in node_modules: the oldest supported Deno, one in between, the newest
// one, and a bundle.

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";

import { installed, keptFolder } from "../installs.mjs";

/** The group of packages of each Deno, and the path of the program in the group. */
const DENOS = {
  "2.1.4, the oldest": ["deno-2.1", "@deno/linux-x64-glibc/deno"],
  "2.5.7": ["deno-2.5", "@deno/linux-x64-glibc/deno"],
  newest: ["deno", "deno/deno"],
};

export const cells = [
  ...Object.entries(DENOS).map(([name, [group, program]]) => ({
    name: `deno: ${name}, from node_modules, with type-checking`,
    group: "deno",
    seconds: 2,
    often: true,
    run: async (harness) => {
      const cwd = await harness.project("server");
      const deno = join(await installed(group), "node_modules", program);
      await guards(harness, { deno, cwd, options: ["--check"], file: "server.ts" });
    },
  })),
  {
    name: "deno: deno bundle, without node_modules",
    group: "deno",
    seconds: 2,
    often: true,
    run: async (harness) => {
      const project = await harness.project("server");
      // `deno bundle` fetches esbuild from the npm registry, once.
      const env = { DENO_DIR: join(keptFolder, "deno"), DENO_NO_UPDATE_CHECK: "1" };
      await harness.exec("deno", ["bundle", "server.ts", "--output=dist/server.js"], { cwd: project, env });
      const cwd = harness.elsewhere("deployed");
      cpSync(join(project, "dist"), cwd, { recursive: true });
      rmSync(project, { recursive: true });
      const deno = join(await installed("deno"), "node_modules/deno/deno");
      await guards(harness, { deno, cwd, options: ["--no-npm"], file: "server.js" });
    },
  },
];

async function guards(harness, { deno, cwd, options, file }) {
  const port = await harness.port();
  // A new cache, because an old one may contain results of type-checks of earlier declarations.
  const env = { DENO_DIR: harness.elsewhere("cache"), DENO_NO_UPDATE_CHECK: "1", PORT: port };
  const permissions = ["--no-prompt", "--allow-net", `--allow-env=${VARIABLES}`];
  const given = ["run", ...options, "--no-remote", ...permissions, file];
  const { url } = await harness.serve(deno, given, { cwd, env, port });
  await harness.guard.check(url);
}

// The package does not need permission to read files or other variables.
const VARIABLES = "PORT,STYTCH_PROJECT_ID,STYTCH_SECRET,STYTCH_BASE_URL";
