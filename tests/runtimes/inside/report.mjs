// Prints the results of one runner and sets its exit code. `cargo xtask test` reads the last
// line.

/** Prints each test, then the failures, then the count, which must be `expected`. */
export function report(results, expected) {
  const [passed, failed] = [true, false].map((wanted) =>
    results.filter(({ problem }) => (problem === undefined) === wanted),
  );
  for (const { name, ms } of passed) console.log(`ok    ${name} (${ms} ms)`);
  for (const { name, problem } of failed) console.log(`FAIL  ${name}\n${problem.replace(/^/gm, "      ")}`);
  const lost = results.length === expected ? 0 : 1;
  if (lost) console.log(`FAIL  ${results.length} tests ran instead of ${expected}`);
  process.exitCode = failed.length + lost > 0 ? 1 : 0;
  console.log(`${passed.length} passed, ${failed.length + lost} failed`);
}

/** Runs the tests of one runtime: an object from names to functions. */
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
