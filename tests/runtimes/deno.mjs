// Deno, which resolves the package by its `deno` condition.

import { program, runInProcess } from "./inside/child.mjs";

await runInProcess("deno", program("deno"), ({ url }) => [
  "run",
  "--no-prompt",
  "--no-remote",
  "--no-lock",
  // Without --allow-read: the package's wasm is inside a module, and its modules read no files.
  `--allow-net=${new URL(url).host},127.0.0.1:1,127.0.0.1:2`,
  "--allow-env=STYTCH_PROJECT_ID,STYTCH_SECRET",
]);
