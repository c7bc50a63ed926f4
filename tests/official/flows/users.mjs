// The flows of consumer log-ins.

import { deepSame, same } from "../../conformance/assert.js";
import { codeOf } from "../node/authenticator_app.mjs";

const MINUTES = { session_duration_minutes: 60 };

export const users = {
  "a user logs in with a magic link, is checked, and logs out": async (m) => {
    const email = m.email("ada");
    const { user_id } = await m.consumer.magicLinks.email.loginOrCreate({ email });
    const token = await m.emulator.tokenFor(email);
    const session = await m.consumer.magicLinks.authenticate({ token, ...MINUTES });
    await staysAndEnds(m, session, user_id, "magic_link");
    await m.refused("unable_to_auth_magic_link", () => m.consumer.magicLinks.authenticate({ token }));
  },
  "a user logs in with a passcode by SMS": (m) => byPasscode(m, "sms", { phone_number: m.phone(1) }, "phone_id"),
  "a user logs in with a passcode by WhatsApp": (m) => byPasscode(m, "whatsapp", { phone_number: m.phone(2) }, "phone_id"),
  "a user logs in with a passcode by email": (m) => byPasscode(m, "email", { email: m.email("grace") }, "email_id"),
  "a user chooses a password, forgets it, and chooses another": async (m) => {
    const [email, first, second] = [m.email("rosalind"), "violet-harbour-lantern-41", "walnut bicycles hum at dawn"];
    const { passwords } = m.consumer;
    const { user_id } = await passwords.create({ email, password: first });
    const before = await passwords.authenticate({ email, password: first, ...MINUTES });
    await passwords.email.resetStart({ email });
    const token = await m.emulator.tokenFor(email);
    await passwords.email.reset({ token, password: second });
    await m.refused("session_not_found", () => m.consumer.sessions.authenticate({ session_token: before.session_token }));
    await m.refused("unauthorized_credentials", () => passwords.authenticate({ email, password: first }));
    await staysAndEnds(m, await passwords.authenticate({ email, password: second, ...MINUTES }), user_id, "password");
  },
  "a user confirms a session with an authenticator app": async (m) => {
    const { user_id } = await m.consumer.users.create({ email: m.email("joan") });
    const { secret, recovery_codes } = await m.consumer.totps.create({ user_id });
    const session = await m.consumer.totps.authenticate({ user_id, totp_code: codeOf(secret), ...MINUTES });
    await staysAndEnds(m, session, user_id, "totp");
    const recover = () => m.consumer.totps.recover({ user_id, recovery_code: recovery_codes[0], ...MINUTES });
    await staysAndEnds(m, await recover(), user_id, "recovery_codes");
    await m.refused("unable_to_authenticate_recovery_code", recover);
  },
  "an employee impersonates a user": async (m) => {
    const { user_id } = await m.consumer.users.create({ email: m.email("eve") });
    const { impersonation_token } = await m.emulator.control("POST", "impersonation_tokens", { product: "consumer", user_id });
    const impersonate = () => m.consumer.impersonation.authenticate({ impersonation_token });
    await staysAndEnds(m, await impersonate(), user_id, "impersonated");
    await m.refused("unable_to_auth_impersonation_token", impersonate);
  },
};

async function byPasscode(m, channel, to, id) {
  const sent = await m.consumer.otps[channel].loginOrCreate(to);
  const [method_id, { code }] = [sent[id], await m.emulator.messageTo(Object.values(to)[0])];
  const wrong = code === "000000" ? "000001" : "000000";
  await m.refused("otp_code_not_found", () => m.consumer.otps.authenticate({ method_id, code: wrong }));
  const session = await m.consumer.otps.authenticate({ method_id, code, ...MINUTES });
  await staysAndEnds(m, session, sent.user_id, "otp");
}

/** The session of a log-in is valid by its token and its JWT, also without the API, until it is revoked. */
export async function staysAndEnds(m, { session_token, session_jwt, session }, user_id, factor) {
  const { sessions } = m.consumer;
  same(session.user_id, user_id);
  deepSame(session.authentication_factors.map(({ type }) => type), [factor]);
  same((await sessions.authenticateJwtLocal({ session_jwt })).user_id, user_id);
  same((await sessions.authenticate({ session_token })).user.user_id, user_id);
  await sessions.revoke({ session_token });
  await m.refused("session_not_found", () => sessions.authenticate({ session_token }));
}
