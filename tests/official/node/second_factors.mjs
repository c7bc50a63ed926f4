// The rows of one-time passcodes and second factors: of members, and of users.

import { deepSame, same } from "../../conformance/assert.js";
import { codeOf } from "./authenticator_app.mjs";
import { row } from "./drive.mjs";

const [EMAIL, PHONE] = ["trudy@acme.example", "+15005550019"];
const organization_id = (m) => m.of("organizations.create").organization.organization_id;
const trudy = (m) => ({ organization_id: organization_id(m), member_id: m.of("otps.email.authenticate").member_id });
const read = async (m) => (await m.client.organizations.members.get(trudy(m))).member;
const codes = async (m, member = trudy(m)) => (await m.client.recoveryCodes.get(member)).recovery_codes;
const confirmed = (m) => ({ ...trudy(m), session_token: m.of("otps.sms.authenticate").session_token });

export const secondFactors = {
  "otps.email.loginOrSignup": row(
    (m) => [{ organization_id: organization_id(m), email_address: EMAIL }],
    async (m, { member_id }) => {
      const { member } = await m.client.organizations.members.get({ organization_id: organization_id(m), member_id });
      same(member.status, "pending");
    },
  ),
  "otps.email.authenticate": row(
    async (m) => {
      const { code } = await m.emulator.messageTo(EMAIL);
      return [{ organization_id: organization_id(m), email_address: EMAIL, code }];
    },
    async (m) => same((await read(m)).status, "active"),
  ),
  "otps.sms.send": row(
    (m) => [{ ...trudy(m), mfa_phone_number: PHONE }],
    async (m) => same((await read(m)).mfa_phone_number, PHONE),
  ),
  "otps.sms.authenticate": row(
    async (m) => {
      const { code } = await m.emulator.messageTo(PHONE);
      const { session_token } = m.of("otps.email.authenticate");
      return [{ ...trudy(m), code, session_token, set_mfa_enrollment: "enroll" }];
    },
    async (m) => {
      const member = await read(m);
      deepSame([member.mfa_phone_number_verified, member.mfa_enrolled], [true, true]);
    },
  ),
  "totps.create": row(
    (m) => [confirmed(m)],
    (m) => m.refused("recovery_codes_not_found", () => codes(m)),
  ),
  "totps.authenticate": row(
    (m) => [{ ...confirmed(m), code: codeOf(m.of("totps.create").secret), set_default_mfa: true }],
    async (m) => {
      const member = await read(m);
      deepSame([member.totp_registration_id, member.default_mfa_method], [m.of("totps.create").totp_registration_id, "totp"]);
    },
  ),
  "recoveryCodes.get": row(
    (m) => [trudy(m)],
    (m, { recovery_codes }) => deepSame(recovery_codes, m.of("totps.create").recovery_codes),
  ),
  "recoveryCodes.recover": row(
    (m) => [{ ...confirmed(m), recovery_code: m.of("totps.create").recovery_codes[0] }],
    async (m) => deepSame(await codes(m), m.of("totps.create").recovery_codes.slice(1)),
  ),
  "recoveryCodes.rotate": row(
    (m) => [trudy(m)],
    async (m, { recovery_codes }) => deepSame(await codes(m), recovery_codes),
  ),
  "totps.migrate": row(
    async (m) => {
      const body = { organization_id: organization_id(m), email_address: "mallory@acme.example" };
      const { member_id } = await m.client.organizations.members.create(body);
      return [{ organization_id: organization_id(m), member_id, secret: "GEZDGNBVGY3TQOJQ", recovery_codes: ["old"] }];
    },
    async (m, { member_id }) => deepSame(await codes(m, { organization_id: organization_id(m), member_id }), ["old"]),
  ),
};

const user_id = (m) => m.of("users.create").user_id;
const apps = async (m) => (await m.client.totps.recoveryCodes({ user_id: user_id(m) })).totps;

export const totps = {
  "totps.create": row(
    (m) => [{ user_id: user_id(m) }],
    async (m, { totp_id }) => same((await apps(m))[0].totp_id, totp_id),
  ),
  "totps.authenticate": row(
    (m) => [{ user_id: user_id(m), totp_code: codeOf(m.of("totps.create").secret) }],
    async (m) => same((await m.client.users.get({ user_id: user_id(m) })).totps[0].verified, true),
  ),
  "totps.recoveryCodes": row(
    (m) => [{ user_id: user_id(m) }],
    (m, found) => deepSame(found.totps[0].recovery_codes, m.of("totps.create").recovery_codes),
  ),
  "totps.recover": row(
    (m) => [{ user_id: user_id(m), recovery_code: m.of("totps.create").recovery_codes[0] }],
    async (m) => deepSame((await apps(m))[0].recovery_codes, m.of("totps.create").recovery_codes.slice(1)),
  ),
};
