// The rows of the consumer client's log-ins without passwords, of the factors of users, and of sessions that come from
// elsewhere.

import { deepSame, same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const [INVITED, OWN, PHONE] = ["hedy@example.com", "mary@example.com", "+15005550006"];
const ISSUER = "https://issuer.example";
const read = (m, user_id) => m.client.users.get({ user_id });
const mary = (m) => m.of("otps.email.loginOrCreate").user_id;

const sending = (channel, to, id) => ({
  [`otps.${channel}.loginOrCreate`]: row(
    () => [to],
    async (m, { user_id }) => same((await read(m, user_id)).status, "active"),
  ),
  [`otps.${channel}.send`]: row(
    () => [to],
    async (m, sent) => {
      const { channel: used, code } = await m.emulator.messageTo(Object.values(to)[0]);
      same(used, channel);
      const { method_id } = await m.client.otps.authenticate({ method_id: sent[id], code });
      same(method_id, sent[id]);
    },
  ),
});

/** The factors of Mary that need a device or another server, by the member of the user and the name of the id. */
const FACTORS = {
  webauthn_registrations: {
    webauthn_registration_id: "webauthn-registration-test-5ae0ba81-0000-4000-8000-000000000001",
    domain: "example.com", user_agent: "", verified: true, authenticator_type: "", name: "",
  },
  biometric_registrations: { biometric_registration_id: "biometric-registration-test-5ae0ba81-0000-4000-8000-000000000002", verified: true },
  totps: { totp_id: "totp-test-5ae0ba81-0000-4000-8000-000000000003", verified: true },
  crypto_wallets: {
    crypto_wallet_id: "crypto-wallet-test-5ae0ba81-0000-4000-8000-000000000004",
    crypto_wallet_address: "0x1", crypto_wallet_type: "ethereum", verified: true,
  },
  password: { password_id: "password-test-5ae0ba81-0000-4000-8000-000000000005", requires_reset: false },
  providers: {
    oauth_user_registration_id: "oauth-user-test-5ae0ba81-0000-4000-8000-000000000006",
    provider_type: "Google", provider_subject: "1", profile_picture_url: "", locale: "",
  },
};

/** Gives Mary a factor, through a snapshot, before it is deleted. */
const deletion = (member, id) =>
  row(
    async (m) => {
      const snapshot = await m.emulator.control("GET", "snapshot.json");
      const user = snapshot.state.projects.consumer.users.find(({ user_id }) => user_id === mary(m));
      user[member] = member === "password" ? FACTORS[member] : [FACTORS[member]];
      await m.emulator.control("POST", "restore", snapshot);
      return [{ [id]: FACTORS[member][id] }];
    },
    async (m) => {
      const left = (await read(m, mary(m)))[member];
      deepSame(left, member === "password" ? null : []);
    },
  );

export const passwordless = {
  "magicLinks.email.invite": row(
    () => [{ email: INVITED }],
    async (m, { user_id }) => same((await read(m, user_id)).status, "pending"),
  ),
  "magicLinks.email.revokeInvite": row(
    () => [{ email: INVITED }],
    (m) => m.refused("user_not_found", () => read(m, m.of("magicLinks.email.invite").user_id)),
  ),
  ...sending("sms", { phone_number: PHONE }, "phone_id"),
  ...sending("whatsapp", { phone_number: PHONE }, "phone_id"),
  ...sending("email", { email: OWN }, "email_id"),
  "otps.authenticate": row(
    async (m) => {
      const { email_id } = await m.client.otps.email.send({ email: OWN });
      return [{ method_id: email_id, code: (await m.emulator.messageTo(OWN)).code, session_duration_minutes: 60 }];
    },
    async (m, { user_id }) => same((await read(m, user_id)).emails[0].verified, true),
  ),
  "magicLinks.email.send": row(
    (m) => [{ email: "second@example.com", user_id: mary(m) }],
    async (m, { email_id }) => same((await read(m, mary(m))).emails[1].email_id, email_id),
  ),
  "users.deleteEmail": row(
    (m) => [{ email_id: m.of("magicLinks.email.send").email_id }],
    async (m) => same((await read(m, mary(m))).emails.length, 1),
  ),
  "users.deletePhoneNumber": row(
    async (m) => [await m.client.otps.sms.send({ phone_number: "+15005550007", user_id: mary(m) })],
    async (m) => deepSame((await read(m, mary(m))).phone_numbers, []),
  ),
  "users.deleteWebAuthnRegistration": deletion("webauthn_registrations", "webauthn_registration_id"),
  "users.deleteBiometricRegistration": deletion("biometric_registrations", "biometric_registration_id"),
  "users.deleteTOTP": deletion("totps", "totp_id"),
  "users.deleteCryptoWallet": deletion("crypto_wallets", "crypto_wallet_id"),
  "users.deletePassword": deletion("password", "password_id"),
  "users.deleteOAuthRegistration": deletion("providers", "oauth_user_registration_id"),
  "users.deleteExternalId": row(
    async (m) => {
      await m.client.users.update({ user_id: mary(m), external_id: "mary" });
      return [{ user_id: "mary" }];
    },
    (m) => m.refused("user_not_found", () => read(m, "mary")),
  ),
  "users.exchangePrimaryFactor": row(
    (m) => [{ user_id: m.of("otps.sms.loginOrCreate").user_id, phone_number: "+15005550008" }],
    async (m, { user_id }) => same((await read(m, user_id)).phone_numbers[0].phone_number, "+15005550008"),
  ),
  "magicLinks.create": row(
    (m) => [{ user_id: mary(m) }],
    async (m, { token }) => same((await m.client.magicLinks.authenticate({ token })).user_id, mary(m)),
  ),
  "impersonation.authenticate": row(
    async (m) => [await m.emulator.control("POST", "impersonation_tokens", { product: "consumer", user_id: mary(m) })],
    (m, { session }) => same(session.authentication_factors[0].type, "impersonated"),
  ),
  "sessions.migrate": row(
    async (m) => {
      await m.emulator.control("POST", "external_sessions", { product: "consumer", session_token: "foreign", email_address: OWN });
      return [{ session_token: "foreign", session_duration_minutes: 60 }];
    },
    (m, { session }) => same(session.user_id, mary(m)),
  ),
  "sessions.attest": row(
    async (m) => {
      const { keys } = await m.client.sessions.getJWKS({ project_id: m.emulator.consumer.project_id });
      const { profile_id } = await m.emulator.control("POST", "trusted_token_profiles", {
        product: "consumer", issuer: ISSUER, audience: "stytch", keys,
      });
      const token = await m.emulator.token({ kind: "m2m", claims: { iss: ISSUER, aud: "stytch", email: OWN } });
      return [{ profile_id, token, session_duration_minutes: 60 }];
    },
    (m, { session }) => same(session.user_id, mary(m)),
  ),
  "sessions.exchangeAccessToken": row(
    async (m) => {
      const claims = { scope: "full_access" };
      const access_token = await m.emulator.token({ kind: "connected_app", user_id: mary(m), claims });
      return [{ access_token, session_duration_minutes: 60 }];
    },
    (m, { session }) => same(session.user_id, mary(m)),
  ),
};
