// Calls every method of a client once: first the methods of the scenario, in its order, then all others, whose routes
// must be missing in the emulator.

/**
 * One row of a scenario. `args(m)` returns the arguments, made from the results of earlier rows. `check(m, result)` reads
 * the effect back by another route, and fails if it differs. Both may be asynchronous.
 */
export const row = (args, check = () => {}) => ({ args, check });

/**
 * Drives `methods` through `scenario`. `m` is the argument of the rows; `m.of(name)` is the result of an earlier row.
 * Returns the names of the methods that succeeded and that are missing, and the problems by name.
 */
export async function drive(methods, scenario, m) {
  const outcome = { succeeded: [], missing: [], problems: {} };
  const results = {};
  m.of = (name) => {
    if (!(name in results)) throw new Error(`${name} has not succeeded yet`);
    return results[name];
  };
  for (const [name, { args, check }] of Object.entries(scenario)) {
    try {
      if (!methods[name]) throw new Error("the client does not have this method");
      results[name] = await methods[name](...(await args(m)));
      await check(m, results[name]);
      outcome.succeeded.push(name);
    } catch (error) {
      outcome.problems[name] = shown(error);
    }
  }
  for (const [name, call] of Object.entries(methods)) {
    if (scenario[name]) continue;
    const error = await failure(call);
    if (isMissing(error)) outcome.missing.push(name);
    else outcome.problems[name] = `is not missing any more: add a row to the scenario (${shown(error)})`;
  }
  return outcome;
}

async function failure(call) {
  try {
    return new Error(`succeeded: ${JSON.stringify(await call({}))}`);
  } catch (error) {
    return error;
  }
}

/** Whether the emulator does not have the route of a call: 501, or the answers to an unknown path and verb. */
function isMissing({ status_code, error_type }) {
  return status_code === 501 || error_type === "route_not_found" || error_type === "method_not_allowed";
}

function shown(error) {
  return error?.error_type ? `${error.status_code} ${error.error_type}: ${error.error_message}` : `${error?.stack ?? error}`;
}
