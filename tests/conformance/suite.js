// The conformance suite: tests of the package's behaviour that every runtime runs. It uses
// only features that all runtimes have. A runner in tests/runtimes loads it, passes the
// package and an emulator to it, and prints the results.

import acceptedKinds from "./accepted_kinds.js";
import calls from "./calls.js";
import checks from "./checks.js";
import clients from "./clients.js";
import config from "./config.js";
import cookies from "./cookies.js";
import crossings from "./crossings.js";
import doctor from "./doctor.js";
import entangledCalls from "./entangled_calls.js";
import errors from "./errors.js";
import { EXCLUSIONS } from "./exclusions.js";
import fallback from "./fallback.js";
import faultMatrix from "./fault_matrix.js";
import { Fixture } from "./fixture.js";
import footprint from "./footprint.js";
import handlers from "./handlers.js";
import hooks from "./hooks.js";
import isolation from "./isolation.js";
import keys from "./keys.js";
import logIn from "./log_in.js";
import longHeaders from "./long_headers.js";
import lostOptions from "./lost_options.js";
import machines from "./machines.js";
import members from "./members.js";
import optionTypes from "./option_types.js";
import network from "./network.js";
import options from "./options.js";
import paths from "./paths.js";
import permissions from "./permissions.js";
import prototypes from "./prototypes.js";
import reentry from "./reentry.js";
import recalled from "./recalled.js";
import refresh from "./refresh.js";
import refreshLimits from "./refresh_limits.js";
import refusals from "./refusals.js";
import requests from "./requests.js";
import retries from "./retries.js";
import rights from "./rights.js";
import samlShield from "./saml_shield.js";
import secrets from "./secrets.js";
import services from "./services.js";
import sessions from "./sessions.js";
import store from "./store.js";
import syncChecks from "./sync_checks.js";
import tasks from "./tasks.js";
import tokenKinds from "./token_kinds.js";
import tokenProvider from "./token_provider.js";
import users from "./users.js";
import verdicts from "./verdicts.js";
import { VerifierFixture } from "./verifier_fixture.js";

/** The order is from basic to advanced. */
const SUBJECTS = {
  clients,
  config,
  users,
  sessions,
  members,
  paths,
  errors,
  network,
  tasks,
  secrets,
  checks,
  refusals,
  keys,
  refresh,
  store,
  footprint,
  crossings,
  reentry,
  fallback,
  permissions,
  rights,
  machines,
  tokenProvider,
  services,
  tokenKinds,
  acceptedKinds,
  samlShield,
  isolation,
  syncChecks,
  recalled,
  options,
  optionTypes,
  lostOptions,
  prototypes,
  longHeaders,
  requests,
  verdicts,
  refreshLimits,
  cookies,
  handlers,
  logIn,
  doctor,
  calls,
  entangledCalls,
  hooks,
  retries,
  faultMatrix,
};

/** The subjects that also run with the wasm of `stytch-edge/verify`. */
const OF_VERIFIER = { checks, refusals, keys, syncChecks };

/** Their tests that do not, each with the reason. */
const NOT_OF_VERIFIER = {
  "verify, checks: treats options that are null or undefined as absent": "a verifier refuses null where it would weaken a check",
  "verify, syncChecks: refuses the same tokens and options as the asynchronous check": "a verifier has no permissions",
};

/** The number of tests. The runners assert it, so that no test is lost unnoticed. */
const COUNT = 708;

/**
 * Runs the tests sequentially.
 * `runtime` is the runner's name, `stytch` the package's namespace, `emulator`
 * the line that the emulator printed, and `memory` the namespace of memory.js.
 */
export async function run(given) {
  const results = [];
  for (const [name, { body, Its }] of testsFor(given.runtime)) {
    const started = Date.now();
    const fixture = new Its(given);
    let problem;
    try {
      await body(fixture);
    } catch (error) {
      problem = `${error?.stack ?? error}`;
    }
    results.push({ name, problem, ms: Date.now() - started });
  }
  return results;
}

/** The number of results that `run` returns in a runtime. */
export function expectedCount(runtime) {
  return COUNT - EXCLUSIONS.filter(({ runtimes }) => runtimes.includes(runtime)).length;
}

function testsFor(runtime) {
  const tests = new Map();
  const add = (subject, declare, Its) =>
    declare((sentence, body) => {
      const name = `${subject}: ${sentence}`;
      if (tests.has(name)) throw new Error(`two tests have the title "${name}"`);
      tests.set(name, { body, Its });
    });
  for (const [subject, declare] of Object.entries(SUBJECTS)) add(subject, declare, Fixture);
  for (const [subject, declare] of Object.entries(OF_VERIFIER)) add(`verify, ${subject}`, declare, VerifierFixture);
  const excluded = Object.keys(NOT_OF_VERIFIER).map((test) => ({ test, runtimes: [runtime] }));
  for (const { test, runtimes } of [...excluded, ...EXCLUSIONS]) {
    if (!tests.has(test)) throw new Error(`an exclusion names the unknown test "${test}"`);
    if (runtimes.includes(runtime)) tests.delete(test);
  }
  return tests;
}
