// Shows the results of one runner and sets its exit code. The last line is what
// `cargo xtask test` reads.

/** Prints each failure and the count, which must be exactly `expected`. */
export function report(results, expected) {
  let failed = 0;
  for (const { name, problem, ms } of results) {
    if (problem === undefined) console.log(`ok    ${name} (${ms} ms)`);
    else {
      failed += 1;
      console.log(`FAIL  ${name}\n${problem.replace(/^/gm, "      ")}`);
    }
  }
  if (results.length !== expected) {
    failed += 1;
    console.log(`FAIL  ${results.length} tests ran instead of ${expected}`);
  }
  const passed = results.filter(({ problem }) => problem === undefined).length;
  process.exitCode = failed > 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed`);
}

/** Runs tests that only one runtime has, as rows of a name and a body. */
export async function runOwn(tests) {
  const results = [];
  for (const [name, body] of Object.entries(tests)) {
    const started = Date.now();
    let problem;
    try {
      await body();
    } catch (error) {
      problem = `${error?.stack ?? error}`;
    }
    results.push({ name, problem, ms: Date.now() - started });
  }
  return results;
}
