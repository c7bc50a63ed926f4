// The rows of the consumer client's passwords.

import { same } from "../../conformance/assert.js";
import { row } from "./drive.mjs";

const [EMAIL, MIGRATED] = ["rosalind@example.com", "barbara@example.com"];
const [FIRST, SECOND, THIRD, FOURTH] = ["violet-harbour-lantern-41", "seven quiet otters under ice", "ninth copper umbrella rides", "walnut bicycles hum at dawn"];
/** The SHA-1 of `correct horse battery`. */
const SHA_1 = "98decc62ece399a22ed30d490ef333be7fde7385";

/** The password logs in, and the earlier one does not. */
const replaced = async (m, earlier, password, email = EMAIL) => {
  await m.refused("unauthorized_credentials", () => m.client.passwords.authenticate({ email, password: earlier }));
  await m.client.passwords.authenticate({ email, password });
};

export const passwords = {
  "passwords.strengthCheck": row(
    () => [{ password: FIRST, email: EMAIL }],
    (m, { valid_password, strength_policy }) => same(`${valid_password} ${strength_policy}`, "true zxcvbn"),
  ),
  "passwords.create": row(
    () => [{ email: EMAIL, password: FIRST, name: { first_name: "Rosalind" } }],
    async (m, { user_id, user }) => {
      const read = await m.client.users.get({ user_id });
      same(read.password.password_id, user.password.password_id);
      same(read.emails[0].verified, false);
    },
  ),
  "passwords.authenticate": row(
    () => [{ email: EMAIL, password: FIRST, session_duration_minutes: 60 }],
    async (m, { session_token }) => {
      const { session } = await m.client.sessions.authenticate({ session_token });
      same(session.authentication_factors[0].type, "password");
    },
  ),
  "passwords.sessions.reset": row(
    (m) => [{ session_token: m.of("passwords.authenticate").session_token, password: SECOND }],
    (m) => replaced(m, FIRST, SECOND),
  ),
  "passwords.existingPassword.reset": row(
    () => [{ email: EMAIL, existing_password: SECOND, new_password: THIRD }],
    async (m) => {
      const { session_token } = m.of("passwords.authenticate");
      await m.refused("session_not_found", () => m.client.sessions.authenticate({ session_token }));
      await replaced(m, SECOND, THIRD);
    },
  ),
  "passwords.email.resetStart": row(
    () => [{ email: EMAIL }],
    async (m) => same((await m.emulator.messageTo(EMAIL)).kind, "reset_password"),
  ),
  "passwords.email.reset": row(
    async (m) => [{ token: await m.emulator.tokenFor(EMAIL), password: FOURTH }],
    async (m, { user_id }) => {
      await replaced(m, THIRD, FOURTH);
      same((await m.client.users.get({ user_id })).emails[0].verified, true);
    },
  ),
  "passwords.migrate": row(
    () => [{ email: MIGRATED, hash: SHA_1, hash_type: "sha_1", set_email_verified: true }],
    async (m, { user_id, user_created }) => {
      same(user_created, true);
      same((await m.client.users.get({ user_id })).emails[0].verified, true);
      await replaced(m, SHA_1, "correct horse battery", MIGRATED);
    },
  ),
};
