// The rows of the SCIM connection, and a directory that sends a user and a group through it.

import { same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const own = (m) => ({ organization_id: organization_id(m), connection_id: m.of("scim.connection.create").connection.connection_id });
const read = async (m) => (await m.client.scim.connection.get({ organization_id: organization_id(m) })).connection;

const directory = (m, bearer_token, ...request) =>
  scimRequest(m.emulator, { ...own(m), bearer_token }, ...request);

/** Sends a request of a directory, and returns the status and the body. */
export async function scimRequest(emulator, { connection_id, bearer_token }, method, path, body) {
  const answer = await fetch(`${emulator.url}/v1/b2b/scim/${connection_id}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer_token}`, "content-type": "application/scim+json" },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const statusWith = async (m, bearer_token) => (await directory(m, bearer_token, "GET", "/Users")).status;
const first = (m) => m.of("scim.connection.create").connection.bearer_token;
const next = (m) => m.of("scim.connection.rotateStart").connection.next_bearer_token;

export const scim = {
  "scim.connection.create": row(
    (m) => [{ organization_id: organization_id(m), display_name: "Okta", identity_provider: "okta" }],
    async (m) => {
      const user = await directory(m, first(m), "POST", "/Users", { userName: "scim@acme.example" });
      same(user.status, 201);
      await directory(m, first(m), "POST", "/Groups", { displayName: "Staff", members: [{ value: user.body.id }] });
      const { member } = await m.client.organizations.members.get({ organization_id: organization_id(m), email_address: "scim@acme.example" });
      same(member.scim_registration.connection_id, own(m).connection_id);
    },
  ),
  "scim.connection.get": row(
    (m) => [{ organization_id: organization_id(m) }],
    (m, { connection }) => same(connection.bearer_token_last_four, first(m).slice(-4)),
  ),
  "scim.connection.getGroups": row(
    (m) => [own(m)],
    (m, { scim_groups }) => same(scim_groups[0].group_name, "Staff"),
  ),
  "scim.connection.update": row(
    (m) => {
      const { group_id } = m.of("scim.connection.getGroups").scim_groups[0];
      return [{ ...own(m), display_name: "Okta SCIM", scim_group_implicit_role_assignments: [{ role_id: "stytch_admin", group_id }] }];
    },
    async (m) => {
      const { member } = await m.client.organizations.members.get({ organization_id: organization_id(m), email_address: "scim@acme.example" });
      same(member.is_admin, true);
      same((await read(m)).display_name, "Okta SCIM");
    },
  ),
  "scim.connection.rotateStart": row(
    (m) => [own(m)],
    async (m) => {
      same(await statusWith(m, first(m)), 200);
      same(await statusWith(m, next(m)), 200);
    },
  ),
  "scim.connection.rotateComplete": row(
    (m) => [own(m)],
    async (m) => {
      same(await statusWith(m, first(m)), 401);
      same(await statusWith(m, next(m)), 200);
    },
  ),
  "scim.connection.rotateCancel": row(
    async (m) => {
      const { connection } = await m.client.scim.connection.rotateStart(own(m));
      m.cancelled = connection.next_bearer_token;
      return [own(m)];
    },
    async (m) => same(await statusWith(m, m.cancelled), 401),
  ),
  "scim.connection.delete": row(
    (m) => [own(m)],
    async (m) => same(await statusWith(m, next(m)), 401),
  ),
};
