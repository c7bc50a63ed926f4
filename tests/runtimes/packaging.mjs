// The published package: the tarball's content, the results of package linters, and the types in Deno and CommonJS. Also the
// versions, lines and copied blocks of the documents.

import { blockTests } from "../packaging/block_tests.mjs";
import { documentTests } from "../packaging/documents.mjs";
import { linterTests } from "../packaging/linters.mjs";
import { tarballTests } from "../packaging/tarball.mjs";
import { typedTests } from "../packaging/typed.mjs";
import { report, runOwn } from "./inside/report.mjs";

const tarball = process.env.STYTCH_TARBALL;
if (!tarball) throw new Error("STYTCH_TARBALL must name the packed package");
const results = await runOwn({ ...documentTests, ...blockTests, ...tarballTests, ...linterTests(tarball), ...typedTests });
report(results, 45);
