// The conformance suite: what the package does, the same in every runtime. Uses
// nothing but what all of them have; a runner in tests/runtimes brings it there,
// hands in the package and an emulator, and shows the results.

import atOnce from "./at_once.js";
import checks from "./checks.js";
import clients from "./clients.js";
import config from "./config.js";
import cookies from "./cookies.js";
import crossings from "./crossings.js";
import errors from "./errors.js";
import { EXCLUSIONS } from "./exclusions.js";
import fallback from "./fallback.js";
import { Fixture } from "./fixture.js";
import footprint from "./footprint.js";
import handlers from "./handlers.js";
import isolation from "./isolation.js";
import keys from "./keys.js";
import machines from "./machines.js";
import members from "./members.js";
import optionTypes from "./option_types.js";
import options from "./options.js";
import paths from "./paths.js";
import permissions from "./permissions.js";
import reentry from "./reentry.js";
import refresh from "./refresh.js";
import refusals from "./refusals.js";
import requests from "./requests.js";
import resources from "./resources.js";
import rights from "./rights.js";
import samlShield from "./saml_shield.js";
import secrets from "./secrets.js";
import sessions from "./sessions.js";
import store from "./store.js";
import tasks from "./tasks.js";
import tokenKinds from "./token_kinds.js";
import tokenProvider from "./token_provider.js";
import users from "./users.js";
import visits from "./visits.js";

/** In the order in which one gets to know the package. */
const SUBJECTS = {
  clients,
  config,
  users,
  sessions,
  members,
  paths,
  errors,
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
  resources,
  tokenKinds,
  samlShield,
  isolation,
  atOnce,
  options,
  optionTypes,
  requests,
  visits,
  cookies,
  handlers,
};

/** How many tests there are. A test that is lost on the way must not go unnoticed. */
const COUNT = 415;

/**
 * Runs the tests one after the other.
 * `runtime` is the runner's name, `stytch` the package's namespace, `emulator`
 * the line that the emulator printed, `memoryBytes` from memory.js.
 */
export async function run(given) {
  const results = [];
  for (const [name, body] of testsFor(given.runtime)) {
    const started = Date.now();
    const fixture = new Fixture(given);
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

/** How many results `run` must give in a runtime. */
export function expectedCount(runtime) {
  return COUNT - EXCLUSIONS.filter(({ runtimes }) => runtimes.includes(runtime)).length;
}

function testsFor(runtime) {
  const tests = new Map();
  for (const [subject, declare] of Object.entries(SUBJECTS)) {
    declare((sentence, body) => {
      const name = `${subject}: ${sentence}`;
      if (tests.has(name)) throw new Error(`there are two tests called "${name}"`);
      tests.set(name, body);
    });
  }
  for (const { test, runtimes } of EXCLUSIONS) {
    if (!tests.has(test)) throw new Error(`there is no test "${test}" to exclude`);
    if (runtimes.includes(runtime)) tests.delete(test);
  }
  return tests;
}
