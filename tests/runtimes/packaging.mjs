// The package as it is handed over: what the tarball holds, what judges of packages
// say of it, and what its types are to Deno and to CommonJS.

import { documentTests } from "../packaging/documents.mjs";
import { judgeTests } from "../packaging/judges.mjs";
import { tarballTests } from "../packaging/tarball.mjs";
import { typedTests } from "../packaging/typed.mjs";
import { report, runOwn } from "./inside/report.mjs";

const tarball = process.env.STYTCH_TARBALL;
if (!tarball) throw new Error("STYTCH_TARBALL must name the packed package");
const results = await runOwn({ ...documentTests, ...tarballTests, ...judgeTests(tarball), ...typedTests });
report(results, 17);
