// Bun.

import { program, runInProcess } from "./inside/child.mjs";

await runInProcess("bun", program("bun"), () => ["run"]);
