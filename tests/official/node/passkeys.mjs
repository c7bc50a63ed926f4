// The rows of passkeys (WebAuthn).

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";
import { SecurityKey } from "./security_key.mjs";

const key = new SecurityKey();
const domain = "example.com";
const user_id = (m) => m.of("users.create").user_id;
const read = (m) => m.client.users.get({ user_id: user_id(m) });
const id = (m) => m.of("webauthn.register").webauthn_registration_id;

export const passkeys = {
  "webauthn.registerStart": row(
    (m) => [{ user_id: user_id(m), domain, return_passkey_credential_options: true }],
    (m, started) => same(JSON.parse(started.public_key_credential_creation_options).rp.id, domain),
  ),
  "webauthn.register": row(
    (m) => {
      const options = m.of("webauthn.registerStart").public_key_credential_creation_options;
      return [{ user_id: user_id(m), public_key_credential: key.create(options) }];
    },
    async (m, found) =>
      same((await read(m)).webauthn_registrations[0].webauthn_registration_id, found.webauthn_registration_id),
  ),
  "webauthn.authenticateStart": row(
    (m) => [{ user_id: user_id(m), domain, use_base64_url_encoding: true }],
    (m, started) => deepSame(JSON.parse(started.public_key_credential_request_options).allowCredentials[0].id, key.id),
  ),
  "webauthn.authenticate": row(
    (m) => {
      const options = m.of("webauthn.authenticateStart").public_key_credential_request_options;
      return [{ public_key_credential: key.get(options), session_duration_minutes: 60 }];
    },
    async (m, { session_token }) => {
      const { session } = await m.client.sessions.authenticate({ session_token });
      same(session.authentication_factors[0].webauthn_factor.webauthn_registration_id, id(m));
    },
  ),
  "webauthn.update": row(
    (m) => [{ webauthn_registration_id: id(m), name: "My key" }],
    async (m) => same((await read(m)).webauthn_registrations[0].name, "My key"),
  ),
  "webauthn.listCredentials": row(
    (m) => [{ user_id: user_id(m), domain }],
    (m, { credentials }) => deepSame(credentials.map(({ credential_id }) => credential_id), [key.id]),
  ),
};
