// Deno with the package in node_modules: the oldest Deno that is supported, one between, the
// newest one, and a bundle.

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";

import { installed, keptFolder } from "../installs.mjs";

/** Each Deno's own group of packages, and the program in it. */
const DENOS = {
  "2.1.4, the oldest": ["deno-2.1", "@deno/linux-x64-glibc/deno"],
  "2.5.7": ["deno-2.5", "@deno/linux-x64-glibc/deno"],
  newest: ["deno", "deno/deno"],
};

export const cells = [
  ...Object.entries(DENOS).map(([name, [group, program]]) => ({
    name: `deno: ${name}, from node_modules, with its types checked`,
    group: "deno",
    seconds: 2,
    often: true,
    run: async (stand) => {
      const cwd = await stand.project("server");
      const deno = join(await installed(group), "node_modules", program);
      await guards(stand, { deno, cwd, options: ["--check"], file: "server.ts" });
    },
  })),
  {
    name: "deno: deno bundle, without node_modules",
    group: "deno",
    seconds: 2,
    often: true,
    run: async (stand) => {
      const project = await stand.project("server");
      // It fetches its esbuild from the npm registry, once.
      const env = { DENO_DIR: join(keptFolder, "deno"), DENO_NO_UPDATE_CHECK: "1" };
      await stand.exec("deno", ["bundle", "server.ts", "--output=dist/server.js"], { cwd: project, env });
      const cwd = stand.elsewhere("deployed");
      cpSync(join(project, "dist"), cwd, { recursive: true });
      rmSync(project, { recursive: true });
      const deno = join(await installed("deno"), "node_modules/deno/deno");
      await guards(stand, { deno, cwd, options: ["--no-npm"], file: "server.js" });
    },
  },
];

async function guards(stand, { deno, cwd, options, file }) {
  const port = await stand.port();
  // A cache of its own: a kept one remembers types as checked that have changed since.
  const env = { DENO_DIR: stand.elsewhere("cache"), DENO_NO_UPDATE_CHECK: "1", PORT: port };
  const permissions = ["--no-prompt", "--allow-net", `--allow-env=${VARIABLES}`];
  const given = ["run", ...options, "--no-remote", ...permissions, file];
  const { url } = await stand.serve(deno, given, { cwd, env, port });
  await stand.visits.check(url);
}

// The package itself needs no permission to read files, or other variables.
const VARIABLES = "PORT,STYTCH_PROJECT_ID,STYTCH_SECRET,STYTCH_BASE_URL";
