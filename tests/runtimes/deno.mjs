// Deno, which finds the package in node_modules by its `deno` condition.

import { program, runInProcess } from "./inside/child.mjs";

await runInProcess("deno", program("deno"), ({ url }) => [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-lock",
  // No --allow-read: the package's wasm is a module, and its modules need none.
  `--allow-net=${new URL(url).host},127.0.0.1:1`,
  "--allow-env=STYTCH_PROJECT_ID,STYTCH_SECRET",
]);
