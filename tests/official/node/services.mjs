// The rows that the scenarios of both products share: machines, Connected Apps, the policy and the project. The names
// are the paths of the methods; `m` is described in drive.mjs.

import { deepSame, ok, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";
import { fraud } from "./fraud.mjs";

const APP = "connected-app-test-1";
const machine = (m) => m.of("m2m.clients.create").m2m_client;
const read = async (m) => (await m.client.m2m.clients.get({ client_id: machine(m).client_id })).m2m_client;
const token = (m, client_secret) => m.client.m2m.token({ client_id: machine(m).client_id, client_secret });
const appToken = (m) =>
  m.emulator.token({ product: m.product, kind: "connected_app", claims: { client_id: APP, scope: "openid read:documents" } });

export const services = {
  ...fraud,
  "debug.whoami": row(
    () => [],
    (m, { project_id }) => same(project_id, m.emulator[m.product].project_id),
  ),
  "project.metrics": row(
    () => [],
    (m, { metrics }) => ok(metrics.some(({ metric_type }) => metric_type === "M2M_CLIENT_COUNT")),
  ),
  "m2m.clients.create": row(
    () => [{ client_name: "cron", scopes: ["read:users", "write:users"] }],
    async (m, { m2m_client }) => same((await read(m)).client_name, m2m_client.client_name),
  ),
  "m2m.clients.get": row(
    (m) => [{ client_id: machine(m).client_id }],
    (m, { m2m_client }) => deepSame(m2m_client.scopes, machine(m).scopes),
  ),
  "m2m.clients.search": row(
    (m) => [{ query: { operator: "AND", operands: [{ filter_name: "client_id", filter_value: [machine(m).client_id] }] } }],
    (m, { m2m_clients }) => deepSame(m2m_clients.map(({ client_id }) => client_id), [machine(m).client_id]),
  ),
  "m2m.clients.update": row(
    (m) => [{ client_id: machine(m).client_id, client_name: "nightly" }],
    async (m) => same((await read(m)).client_name, "nightly"),
  ),
  "m2m.token": row(
    (m) => [{ client_id: machine(m).client_id, client_secret: machine(m).client_secret, scopes: ["read:users"] }],
    (m, { expires_in }) => same(expires_in, 3600),
  ),
  "m2m.authenticateToken": row(
    (m) => [{ access_token: m.of("m2m.token").access_token, required_scopes: ["read:users"] }],
    (m, { client_id }) => same(client_id, machine(m).client_id),
  ),
  "m2m.clients.secrets.rotateStart": row(
    (m) => [{ client_id: machine(m).client_id }],
    async (m, { m2m_client }) => ok(Boolean((await token(m, m2m_client.next_client_secret)).access_token), "a token"),
  ),
  "m2m.clients.secrets.rotateCancel": row(
    (m) => [{ client_id: machine(m).client_id }],
    async (m) => same((await read(m)).next_client_secret_last_four, null),
  ),
  "m2m.clients.secrets.rotate": row(
    async (m) => {
      m.next = (await m.client.m2m.clients.secrets.rotateStart({ client_id: machine(m).client_id })).m2m_client;
      return [{ client_id: machine(m).client_id }];
    },
    async (m) => ok(Boolean((await token(m, m.next.next_client_secret)).access_token), "a token"),
  ),
  "m2m.clients.delete": row(
    (m) => [{ client_id: machine(m).client_id }],
    (m) => m.refused("m2m_client_not_found", () => read(m)),
  ),
  "idp.introspectTokenNetwork": row(
    async (m) => [{ token: (m.appToken = await appToken(m)), client_id: APP }],
    (m, { scope }) => same(scope, "openid read:documents"),
  ),
  "idp.introspectTokenLocal": row(
    (m) => [m.appToken],
    (m, { subject }) => same(subject, m.of("idp.introspectTokenNetwork").subject),
  ),
  "rbac.policy": row(
    () => [],
    (m, { policy }) => ok(policy.roles.some(({ role_id }) => role_id === m.role), `the role ${m.role}`),
  ),
};
