// The scenario of the consumer client: one row for each method whose route the emulator has.

import { deepSame, same } from "../../conformance/assert.js";
import { apps, deletedApp } from "./apps.mjs";
import { appsOfUsers } from "./authorized_apps.mjs";
import { cryptoWallets } from "./crypto_wallets.mjs";
import { row } from "./drive.mjs";
import { oauth } from "./oauth.mjs";
import { passkeys } from "./passkeys.mjs";
import { passwordless } from "./passwordless.mjs";
import { passwords } from "./passwords.mjs";
import { totps } from "./second_factors.mjs";
import { services } from "./services.mjs";

const EMAIL = "ada@example.com";
const created = (m) => m.of("users.create").user_id;
const read = (m) => m.client.users.get({ user_id: created(m) });
const logIn = (m) => m.of("magicLinks.authenticate");
const sessionsOf = async (m, user_id) => (await m.client.sessions.get({ user_id })).sessions;
const byEmail = { query: { operator: "AND", operands: [{ filter_name: "email_address", filter_value: ["grace@example.com"] }] } };

export const consumer = {
  ...services,
  ...apps,
  "users.create": row(
    () => [{ email: "grace@example.com", name: { first_name: "Grace" } }],
    async (m) => same((await read(m)).emails[0].email, "grace@example.com"),
  ),
  ...appsOfUsers,
  ...deletedApp,
  "users.get": row(
    (m) => [{ user_id: created(m) }],
    (m, { name }) => same(name.first_name, "Grace"),
  ),
  "users.update": row(
    (m) => [{ user_id: created(m), name: { last_name: "Hopper" }, trusted_metadata: { plan: "gold" } }],
    async (m) => deepSame([(await read(m)).name.last_name, (await read(m)).trusted_metadata], ["Hopper", { plan: "gold" }]),
  ),
  "users.search": row(
    () => [byEmail],
    (m, { results }) => deepSame(results.map(({ user_id }) => user_id), [created(m)]),
  ),
  "users.searchAll": row(
    () => [byEmail],
    async (m, pages) => deepSame((await pages.next()).map(({ user_id }) => user_id), [created(m)]),
  ),
  "magicLinks.email.loginOrCreate": row(
    () => [{ email: EMAIL }],
    async (m, { user_id }) => same((await m.client.users.get({ user_id })).status, "active"),
  ),
  "magicLinks.authenticate": row(
    async (m) => [{ token: await m.emulator.tokenFor(EMAIL), session_duration_minutes: 60 }],
    async (m, { user_id }) => same((await m.client.users.get({ user_id })).emails[0].verified, true),
  ),
  "sessions.get": row(
    (m) => [{ user_id: logIn(m).user_id }],
    (m, { sessions }) => deepSame(sessions.map(({ session_id }) => session_id), [logIn(m).session.session_id]),
  ),
  "sessions.authenticate": row(
    (m) => [{ session_token: logIn(m).session_token, session_custom_claims: { plan: "gold" } }],
    async (m) => deepSame((await sessionsOf(m, logIn(m).user_id))[0].custom_claims, { plan: "gold" }),
  ),
  "sessions.getJWKS": row(
    (m) => [{ project_id: m.emulator[m.product].project_id }],
    (m, { keys }) => same(keys[0].kid, m.headerOf(logIn(m).session_jwt).kid),
  ),
  "sessions.authenticateJwt": row(
    (m) => [{ session_jwt: logIn(m).session_jwt, max_token_age_seconds: 0 }],
    (m, { session }) => same(session.session_id, logIn(m).session.session_id),
  ),
  "sessions.authenticateJwtLocal": row(
    (m) => [{ session_jwt: logIn(m).session_jwt }],
    (m, session) => same(session.user_id, logIn(m).user_id),
  ),
  "sessions.revoke": row(
    (m) => [{ session_id: logIn(m).session.session_id }],
    async (m) => deepSame(await sessionsOf(m, logIn(m).user_id), []),
  ),
  ...oauth,
  ...passkeys,
  ...cryptoWallets,
  ...passwordless,
  ...passwords,
  ...totps,
  "users.delete": row(
    (m) => [{ user_id: created(m) }],
    (m) => m.refused("user_not_found", () => read(m)),
  ),
};
