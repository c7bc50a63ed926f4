// The methods that decide by themselves, side by side with npm stytch's: each row of a
// table is one token and one call, made of both, with a project of its own so that
// nothing is remembered from another row.

import { deepSame, ok } from "../../conformance/assert.js";
import { makeSigner } from "../../conformance/signer.js";
import { LOCAL_DIFFERENCES } from "./local-differences.mjs";
import { appRows } from "./local-apps.mjs";
import { permissionRows } from "./local-permissions.mjs";
import { programRows } from "./local-programs.mjs";
import { searchRows } from "./local-search.mjs";
import { sessionRows } from "./local-sessions.mjs";
import { startStand } from "./stand.mjs";

/** The rows, once for each client that has the method. */
export const localRows = [
  ...sessionRows,
  ...permissionRows,
  ...programRows,
  ...appRows,
  ...searchRows,
].flatMap((row) => (row.clients ?? ["Client", "B2BClient"]).map((client) => ({ ...row, client })));

/** Tests by name: one for each row, and one for each listed difference. */
export async function localTests(official, ours) {
  const stand = await startStand();
  const signer = await makeSigner();
  const now = Math.floor(Date.now() / 1000);
  const seen = new Set();
  let projects = 0;
  const tests = {};
  for (const row of localRows) tests[`${row.client}.${row.method}: ${row.name}`] = () => compare(row);
  for (const [name, why] of Object.entries(LOCAL_DIFFERENCES)) {
    tests[`it happens that ${name} (${why})`] = () => ok(seen.has(name), "the difference was seen");
  }
  return tests;

  async function compare(row) {
    projects += 1;
    const theirs = await outcome(official, row);
    const mine = await outcome(ours, row);
    if (!row.differs) return deepSame(mine, theirs, row.name);
    const [name, expected] = row.differs;
    ok(name in LOCAL_DIFFERENCES, `${name} is listed`);
    const { asked, ...said } = mine;
    deepSame(said, expected(theirs), `${row.name}, where ${name}`);
    ok(JSON.stringify(mine) !== JSON.stringify(theirs), `${row.name}, it differs that ${name}`);
    seen.add(name);
  }

  /** What a call gives, as JSON: what is undefined there is absent here. */
  async function outcome(stytch, row) {
    const project_id = `project-test-${projects}`;
    const place = { project_id, url: stand.url, isB2b: row.client === "B2BClient", now };
    const token = (change) => signed(signer, place, change);
    const keys = `/v1${place.isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`;
    stand.scene = { [`GET ${keys}`]: { json: { keys: [signer.jwk] } }, ...row.scene?.(place) };
    stand.asked = [];
    const made = silently(
      () => new stytch[row.client]({ project_id, secret: "secret-test-x", env: stand.url }),
    );
    try {
      const result = await row.call(made, token, place);
      return { result: JSON.parse(JSON.stringify(result ?? null)), asked: asked() };
    } catch (error) {
      const { name } = error.constructor;
      return { error: { name, code: error.code, status_code: error.status_code }, asked: asked() };
    }
  }

  /** What was asked beside keys and policies, which each package keeps in its own way. */
  function asked() {
    const decisive = stand.asked.filter(({ route }) => !/\/jwks\/|\/rbac\//.test(route));
    return decisive.map(({ route, body, authorization }) => ({
      route,
      body: body.startsWith("{") ? JSON.parse(body) : [...new URLSearchParams(body)].sort(),
      authorization: Boolean(authorization),
    }));
  }
}

/** A token of the project: of a `kind`, with `claims` and a `header` changed, and perhaps `broken`. */
async function signed(signer, place, { kind, header, claims, broken = (token) => token }) {
  const { project_id, now } = place;
  const own = { sub: "subject-test-1", iss: `stytch.com/${project_id}`, aud: [project_id] };
  const changed = typeof claims === "function" ? claims(place) : claims;
  const payload = { ...own, iat: now, nbf: now, exp: now + 300, ...kind(place), ...changed };
  const head = { alg: "RS256", typ: "JWT", kid: signer.jwk.kid, ...header };
  return broken(await signer.sign(JSON.stringify(head), JSON.stringify(payload)));
}

/** npm stytch warns of an `env` that it does not know. */
function silently(step) {
  const { warn } = console;
  console.warn = () => {};
  try {
    return step();
  } finally {
    console.warn = warn;
  }
}
