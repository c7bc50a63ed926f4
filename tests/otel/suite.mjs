// The tests that run in Node and on workerd.

import { runOwn } from "../runtimes/inside/report.mjs";
import { clientTests } from "./clients.mjs";
import { metricTests } from "./metrics.mjs";
import { providerTests } from "./providers.mjs";
import { spanTests } from "./spans.mjs";

/** Runs the tests in one runtime, with the data of a running emulator. */
export const run = (ready) => runOwn({ ...spanTests, ...metricTests, ...providerTests, ...clientTests(ready) });

/** The number of tests. */
export const COUNT = 25;
