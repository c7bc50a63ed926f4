// The comparison of local decisions with npm stytch: each row of a table is one token and one
// call of both packages. Each row has its own project, so that rows share no state.

import { deepSame, ok } from "../../conformance/assert.js";
import { makeSigner } from "../../conformance/signer.js";
import { LOCAL_DIFFERENCES } from "./local-differences.mjs";
import { appRows } from "./local-apps.mjs";
import { permissionRows } from "./local-permissions.mjs";
import { machineRows } from "./local-machines.mjs";
import { searchRows } from "./local-search.mjs";
import { sessionRows } from "./local-sessions.mjs";
import { startScriptedServer } from "./scripted-server.mjs";
import { silently } from "./silently.mjs";

/** The rows, one for each client that has the method. */
export const localRows = [
  ...sessionRows,
  ...permissionRows,
  ...machineRows,
  ...appRows,
  ...searchRows,
].flatMap((row) => (row.clients ?? ["Client", "B2BClient"]).map((client) => ({ ...row, client })));

/** The tests by name: one per row, and one per listed difference. */
export async function localTests(official, ours) {
  const server = await startScriptedServer();
  const signer = await makeSigner();
  const now = Math.floor(Date.now() / 1000);
  const seen = new Set();
  let projects = 0;
  const tests = {};
  for (const row of localRows) tests[`${row.client}.${row.method}: ${row.name}`] = () => compare(row);
  for (const [name, why] of Object.entries(LOCAL_DIFFERENCES)) {
    tests[`listed difference: ${name} (${why})`] = () => ok(seen.has(name), "the difference occurs");
  }
  return tests;

  async function compare(row) {
    projects += 1;
    const theirs = await outcome(official, row);
    const mine = await outcome(ours, row);
    if (!row.differs) return deepSame(mine, theirs, row.name);
    const [name, expected] = row.differs;
    ok(name in LOCAL_DIFFERENCES, `${name} is listed`);
    const { asked, ...rest } = mine;
    deepSame(rest, expected(theirs), `${row.name}, with the difference: ${name}`);
    ok(JSON.stringify(mine) !== JSON.stringify(theirs), `${row.name}: the outcome differs: ${name}`);
    seen.add(name);
  }

  /** The outcome of a call as JSON, which omits members that are undefined. */
  async function outcome(stytch, row) {
    const project_id = `project-test-${projects}`;
    const project = { project_id, url: server.url, isB2b: row.client === "B2BClient", now };
    const token = (change) => signed(signer, project, change);
    const keys = `/v1${project.isB2b ? "/b2b" : ""}/sessions/jwks/${project_id}`;
    server.routes = { [`GET ${keys}`]: { json: { keys: [signer.jwk] } }, ...row.scene?.(project) };
    server.requests = [];
    const made = silently(
      () => new stytch[row.client]({ project_id, secret: "secret-test-x", env: server.url, retries: 0 }),
    );
    try {
      const result = await row.call(made, token, project);
      return { result: JSON.parse(JSON.stringify(result ?? null)), asked: asked() };
    } catch (error) {
      const { name } = error.constructor;
      // Only our RequestError has a status.
      const status_code = name === "RequestError" ? undefined : error.status_code;
      return { error: { name, code: error.code, status_code }, asked: asked() };
    }
  }

  /** The requests, except for keys and policies, because the packages cache those differently. */
  function asked() {
    const decisive = server.requests.filter(({ route }) => !/\/jwks\/|\/rbac\//.test(route));
    return decisive.map(({ route, body, authorization }) => ({
      route,
      body: body.startsWith("{") ? JSON.parse(body) : [...new URLSearchParams(body)].sort(),
      authorization: Boolean(authorization),
    }));
  }
}

/** A token of the project with the claims of `kind`, and with changes by `claims`, `header` and `broken`. */
async function signed(signer, project, { kind, header, claims, broken = (token) => token }) {
  const { project_id, now } = project;
  const own = { sub: "subject-test-1", iss: `stytch.com/${project_id}`, aud: [project_id] };
  const changed = typeof claims === "function" ? claims(project) : claims;
  const payload = { ...own, iat: now, nbf: now, exp: now + 300, ...kind(project), ...changed };
  const head = { alg: "RS256", typ: "JWT", kid: signer.jwk.kid, ...header };
  return broken(await signer.sign(JSON.stringify(head), JSON.stringify(payload)));
}
