// TypeScript: the oldest supported release, the last one in JavaScript, and the newest one compile
// small programs and the package's declarations.

import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DOM = { lib: ["es2022", "dom"], types: [] };

/** The module resolutions, and the programs that are compiled with each. */
const RESOLUTIONS = [
  { module: "node16", moduleResolution: "node16", files: ["module.ts", "commonjs.cts"], ...DOM },
  { module: "nodenext", moduleResolution: "nodenext", files: ["module.ts", "commonjs.cts"], ...DOM },
  { module: "esnext", moduleResolution: "bundler", files: ["module.ts"], ...DOM },
];
const NODE10 = { module: "commonjs", moduleResolution: "node10", files: ["commonjs.cts"], ...DOM };

/** Programs for one runtime, with the runtime's declarations and without those of browsers. */
const NODE = { module: "nodenext", files: ["node.ts"], types: ["node"], lib: ["es2022"] };
const NEXT = { module: "nodenext", files: ["next.ts"], ...DOM, types: ["node"] };
const NEXT_AND_BUN = { ...NEXT, types: ["node", "bun"] };
const BUN = { module: "nodenext", files: ["bun.ts"], types: ["bun"], lib: ["es2022"] };
const WORKER = { module: "nodenext", files: ["worker.ts"], types: ["@cloudflare/workers-types"], lib: ["es2022"] };
const RUNTIMES = [NODE, NEXT, NEXT_AND_BUN, BUN, WORKER];

const VERSIONS = [
  { name: "5.0, the oldest", compiler: "typescript-5.0", ways: [...RESOLUTIONS, NODE10, NODE, WORKER], seconds: 14 },
  { name: "5.9", compiler: "typescript-5.9", ways: [NODE10, ...RUNTIMES], seconds: 14 },
  { name: "newest", compiler: "typescript", ways: [...RESOLUTIONS, ...RUNTIMES], seconds: 5 },
];

export const cells = VERSIONS.map(({ name, compiler, ways, seconds }) => ({
  name: `typescript: ${name}`,
  group: "typescript",
  seconds,
  often: true,
  run: async (harness) => {
    const cwd = await harness.project("consumer");
    if (compiler === "typescript-5.0") useOlderNode(join(cwd, "node_modules/@types"));
    const tsc = join(cwd, "node_modules", compiler, "bin/tsc");
    for (const { files, ...options } of ways) {
      const tsconfig = JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files });
      writeFileSync(join(cwd, "tsconfig.json"), tsconfig);
      try {
        await harness.exec("node", [tsc, "--project", "."], { cwd });
      } catch (error) {
        throw new Error(`with the configuration ${tsconfig}: ${error.message}`, { cause: error });
      }
    }
  },
}));

/** Uses older declarations of Node, because the newest require a newer TypeScript. */
function useOlderNode(types) {
  rmSync(join(types, "node"), { recursive: true });
  renameSync(join(types, "node-18"), join(types, "node"));
}

const STRICT = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, target: "es2022" };
