// The fault matrix: tests/faults/matrix.json lists faults of the API in order, and how each operation must end: the result,
// the number of requests and the time. tests/typed/fault_matrix.rs reads the same file. Each test runs the rows of one
// operation against the emulator. Delays have no jitter, so only `Retry-After` takes time.

import matrix from "../faults/matrix.json" with { type: "json" };
import { ok, same } from "./assert.js";
import { both, cookies } from "./credentials.js";
import { withoutJitter } from "./jitter.js";
import { refill } from "./retry_budgets.js";

/** The clock is this many seconds fast, so that the session's JWT has expired. */
const EXPIRED_SECONDS = 400;

/** The path that each operation requests, its call, and the budget of its retries. */
const OPERATIONS = {
  "users.get": { path: (t, { user_id }) => `/v1/users/${user_id}`, call: ({ users }, { user_id }, options) => users.get({ user_id }, options) },
  "users.search": { path: () => "/v1/users/search", call: ({ users }, _, options) => users.search({ limit: 1 }, options) },
  "sessions.authenticate": { path: () => "/v1/sessions/authenticate", call: ({ sessions }, { session_token }, options) => sessions.authenticate({ session_token }, options) },
  "idp.introspectTokenNetwork": {
    path: (t) => `/v1/public/${t.config().project_id}/oauth2/introspect`,
    call: ({ idp }, { app_token, app_id }, options) => idp.introspectTokenNetwork({ token: app_token, client_id: app_id }, options),
    budget: "unverified",
  },
  loadKeys: { path: (t) => t.emulator.keySetPath("consumer"), call: (client, _, options) => client.loadKeys(options) },
  loadPolicies: { path: () => "/v1/rbac/policy", call: (client, _, options) => client.loadPolicies(options) },
  "refresh of a verified JWT": {
    path: () => "/v1/sessions/authenticate",
    prepare: (client) => client.loadKeys(),
    call: (client, login, options) => client.authenticateRequest(both(login), options),
    budget: "verified",
    later: EXPIRED_SECONDS,
  },
  "refresh of a session token": {
    path: () => "/v1/sessions/authenticate",
    call: (client, { session_token }, options) => client.authenticateRequest(cookies(`stytch_session=${session_token}`), options),
    budget: "unverified",
  },
  "users.create": { path: () => "/v1/users", call: ({ users }, { address }, options) => users.create({ email: address() }, options) },
  "passwords.authenticate": { path: () => "/v1/passwords/authenticate", call: ({ passwords }, { address }, options) => passwords.authenticate({ email: address(), password: "a" }, options) },
  "m2m.token": { path: (t) => `/v1/public/${t.config().project_id}/oauth2/token`, call: ({ m2m }, _, options) => m2m.token({ client_id: "m2m-client-test-1", client_secret: "a" }, options) },
  "magicLinks.email.loginOrCreate": {
    path: () => "/v1/magic_links/email/login_or_create",
    call: ({ magicLinks }, { address }, options) => magicLinks.email.loginOrCreate({ email: address() }, options),
  },
};

/**
 * The methods whose requests a runtime itself sends again on a new connection, and after which faults: the number of requests
 * is then not ours. Chromium also repeats after 408 (RFC 9110, section 15.5.9), and reads headers that end early as a response.
 */
const ENDS_BEFORE_THE_BODY = ["close", "reset", "close in the headers", "reset in the headers"];
const RESENT = {
  chromium: { methods: ["GET", "POST"], after: [...ENDS_BEFORE_THE_BODY, "408", "408 after 0"] },
  deno: { methods: ["GET"], after: ENDS_BEFORE_THE_BODY },
  bun: { methods: ["GET"], after: ENDS_BEFORE_THE_BODY },
};

/** The sum of the cases and their operations, and the number of rows that a runtime cannot run. No row is lost unnoticed. */
const ROWS = 606;
const NOT_RUN = { chromium: 116, deno: 27, bun: 27 };

/** The runtimes in which every row runs. The others run a third of the rows, which the commit chooses. */
const EVERY_ROW = ["node-import", "workerd"];

export default (test) => {
  test("has a row for each case and each of its operations", async (t) => {
    const rows = Object.keys(OPERATIONS).flatMap((operation) => casesOf(operation, t.runtime));
    same(rows.length, ROWS - (NOT_RUN[t.runtime] ?? 0));
    same(Object.keys(OPERATIONS).join(), Object.keys(matrix.operations).join());
    const used = new Set(matrix.cases.flatMap(({ faults }) => faults));
    const unused = Object.keys(matrix.faults).filter((name) => !used.has(name) && name !== "pass");
    same(unused.join(), "", "unused faults");
  });

  for (const operation of Object.keys(OPERATIONS)) {
    test(`${operation} ends as the table requires`, async (t) => {
      const known = await prepared(t);
      const problems = [];
      for (const its of shareOf(casesOf(operation, t.runtime), t)) {
        const problem = await withoutJitter(() => run(t, operation, its, known)).catch((error) => error);
        if (problem) problems.push(`${its.name}: ${problem.message}`);
      }
      if (problems.length > 0) throw new Error(problems.join("\n"));
    });
  }
};

/** The cases of an operation that a runtime can run. */
function casesOf(operation, runtime) {
  const { method, safe } = matrix.operations[operation];
  const { methods = [], after = [] } = RESENT[runtime] ?? {};
  return matrix.cases.filter(({ on, faults }) => {
    const isOn = on === "all" || on === (safe ? "safe" : "unsafe") || (Array.isArray(on) && on.includes(operation));
    return isOn && !(methods.includes(method) && faults.some((fault) => after.includes(fault)));
  });
}

/** The cases that run with this commit. At least one runs for each operation. */
function shareOf(cases, { runtime, emulator: { commit } }) {
  if (commit === undefined || EVERY_ROW.includes(runtime)) return cases;
  return cases.filter((_, at) => at % SHARES === commit % SHARES);
}

const SHARES = 3;

/** The user, the session and the token that the operations name. */
async function prepared(t) {
  const login = await t.logIn();
  const app_id = "connected-app-test-1";
  const app_token = await t.emulator.token({ kind: "connected_app", claims: { client_id: app_id, scope: "openid", aud: [t.config().project_id] } });
  return { ...login, app_id, app_token, address: () => t.address() };
}

/** Runs one row. Throws an error that names the difference. */
async function run(t, operation, { faults, retries, call: options, expected, requests, at_least_ms = 0, at_most_ms = matrix.default_at_most_ms }, known) {
  const { path, prepare, call, budget = "other", later = 0 } = OPERATIONS[operation];
  const attempts = [];
  const hooks = { on_request: ({ operation: name, attempt }) => attempts.push(`${name} ${attempt}`) };
  const client = t.consumer({ ...t.fresh(), isolated: true, ...hooks, ...(retries !== undefined && { retries }) });
  const its = path(t, known);
  const sequence = faults.map((name) => faultOf(matrix.faults[name]));
  let [found, took, calls] = [];
  await t.later(later, async () => {
    await prepare?.(client);
    attempts.length = 0;
    calls = await t.emulator.callsDuring(() =>
      during(t, its, sequence, async () => {
        const began = Date.now();
        found = await outcomeOf(() => call(client, known, options));
        took = Date.now() - began;
      }),
    );
  });
  await refill(t, budget, 5 * (calls.length - 1));
  const sent = calls.filter((line) => line.split(" ", 2)[1] === its);
  same(sent.length, requests, `requests (${JSON.stringify(found)})`);
  same(attempts.map((line) => line.split(" ")[1]).join(), Array.from({ length: requests }, (_, index) => index + 1).join(), "attempts in on_request");
  check(found, expected, requests);
  ok(took >= at_least_ms - TIMER_MS && took <= at_most_ms, `${took} ms are from ${at_least_ms} to ${at_most_ms} ms`);
}

const during = (t, path_prefix, sequence, step) => (sequence.length > 0 ? t.emulator.withFault({ path_prefix, sequence }, step) : step());

/** An error status has the body of an API error, unless the fault has a text. */
function faultOf(fault) {
  if (fault.kind !== "status" || fault.text) return fault;
  const { status } = fault;
  return { ...fault, body: { status_code: status, error_type: "injected", error_message: "a fault", error: "injected", request_id: "request-id-test-1" } };
}

/** How a call ended, in the words of the table. */
async function outcomeOf(call) {
  try {
    const result = await call();
    if (!result || !("status" in result) || result.status === "authenticated") return {};
    return { verdict: result.reason };
  } catch (thrown) {
    // The cause of missing keys is the error of the request.
    const error = thrown.code === "jwks_unavailable" || thrown.code === "token_invalid" ? thrown.cause : thrown;
    const { name, status_code, reason, attempts } = error;
    return { name, status_code, reason, attempts };
  }
}

function check(found, expected, requests) {
  const text = JSON.stringify(found);
  if (expected === "success") return same(text, "{}", "outcome");
  if ("verdict" in found) return same(found.verdict, expected.verdict, "reason of the verdict");
  if (expected.status_code) same(found.status_code, expected.status_code, `status_code of ${text}`);
  if (expected.reasons) ok(expected.reasons.includes(found.reason), `${text} has one of the reasons ${expected.reasons}`);
  if (found.name === "RequestError") same(found.attempts, requests, "attempts of the error");
}

/** A timer may end a little early. */
const TIMER_MS = 5;
