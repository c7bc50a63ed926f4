// The rows of the B2B client's passwords: first in one organization, then shared between organizations.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const EMAIL = "rosalind@acme.example";
const [FIRST, SECOND, THIRD, FOURTH] = ["correct horse battery", "seven quiet otters under ice", "ninth copper umbrella rides", "walnut bicycles hum at dawn"];
/** The SHA-1 of the first password. */
const SHA_1 = "98decc62ece399a22ed30d490ef333be7fde7385";
const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const rosalind = (m) => ({ organization_id: organization_id(m), email_address: EMAIL });
const read = async (m) => (await m.client.organizations.members.get(rosalind(m))).member;
const share = (m, cross_org_passwords) => m.emulator.control("POST", "password_config", { product: "b2b", cross_org_passwords });

/** The password logs in, and the earlier one does not. */
const replaced = async (m, earlier, password) => {
  await m.refused("unauthorized_credentials", () => m.client.passwords.authenticate({ ...rosalind(m), password: earlier }));
  const { member_session } = await m.client.passwords.authenticate({ ...rosalind(m), password });
  same(member_session.authentication_factors[0].type, "password");
};

export const memberPasswords = {
  "passwords.strengthCheck": row(
    () => [{ password: SECOND, email_address: EMAIL }],
    (m, { valid_password, strength_policy }) => same(`${valid_password} ${strength_policy}`, "true zxcvbn"),
  ),
  "passwords.migrate": row(
    (m) => [{ ...rosalind(m), hash: SHA_1, hash_type: "sha_1", name: "Rosalind" }],
    async (m, { member_created, member }) => {
      same(member_created, true);
      deepSame(await read(m), member);
    },
  ),
  "passwords.authenticate": row(
    (m) => [{ ...rosalind(m), password: FIRST }],
    async (m, { session_token, member_id }) => same((await m.client.sessions.authenticate({ session_token })).member.member_id, member_id),
  ),
  "passwords.sessions.reset": row(
    (m) => [{ organization_id: organization_id(m), session_token: m.of("passwords.authenticate").session_token, password: SECOND }],
    (m) => replaced(m, FIRST, SECOND),
  ),
  "passwords.existingPassword.reset": row(
    (m) => [{ ...rosalind(m), existing_password: SECOND, new_password: THIRD }],
    async (m) => {
      const { session_token } = m.of("passwords.authenticate");
      await m.refused("session_not_found", () => m.client.sessions.authenticate({ session_token }));
      await replaced(m, SECOND, THIRD);
    },
  ),
  "passwords.email.resetStart": row(
    (m) => [rosalind(m)],
    async (m) => same((await m.emulator.messageTo(EMAIL)).kind, "reset_password"),
  ),
  "passwords.email.reset": row(
    async (m) => [{ password_reset_token: await m.emulator.tokenFor(EMAIL), password: FOURTH }],
    (m) => replaced(m, THIRD, FOURTH),
  ),
  "passwords.discovery.email.resetStart": row(
    async (m) => {
      await share(m, true);
      return [{ email_address: EMAIL }];
    },
    async (m) => same((await m.emulator.messageTo(EMAIL)).used, false),
  ),
  "passwords.discovery.email.reset": row(
    async (m) => [{ password_reset_token: await m.emulator.tokenFor(EMAIL), password: SECOND }],
    (m) => replaced(m, FOURTH, SECOND),
  ),
  "passwords.discovery.authenticate": row(
    () => [{ email_address: EMAIL, password: SECOND }],
    async (m, { intermediate_session_token, discovered_organizations }) => {
      deepSame(discovered_organizations.map(({ organization }) => organization.organization_id), [organization_id(m)]);
      const exchanged = await m.client.discovery.intermediateSessions.exchange({
        intermediate_session_token, organization_id: organization_id(m),
      });
      same(exchanged.member.email_address, EMAIL);
    },
  ),
  "passwords.email.requireReset": row(
    (m) => [rosalind(m)],
    async (m) => {
      same((await read(m)).member_password_id, "");
      await m.refused("member_password_not_found", () => m.client.passwords.authenticate({ ...rosalind(m), password: SECOND }));
      await share(m, false);
    },
  ),
};
