// What users and members log in with, their locks, and the apps to which they have granted access.

import { element } from "./dom.js";
import { act, badge, facts, id, list, readable } from "./parts.js";

/** The factors of a user. */
export function userFactors(user) {
  return section("Factors", [
    ["Password", id(user.password_id)],
    ...(user.totps ?? []).map(({ totp_id, verified }) => ["Authenticator app", [id(totp_id), unless(verified), left(user)]]),
    ...(user.webauthn_registrations ?? []).map((key) => ["Passkey", [id(key.webauthn_registration_id), ` ${[key.name, key.domain].filter(Boolean).join(", ")}`, unless(key.verified)]]),
    ...(user.biometric_registrations ?? []).map((one) => ["Biometrics", [id(one.biometric_registration_id), unless(one.verified)]]),
    ...(user.providers ?? []).map(account),
    ...(user.crypto_wallets ?? []).map((wallet) => [`Wallet (${wallet.crypto_wallet_type})`, [id(wallet.crypto_wallet_address), unless(wallet.verified)]]),
  ]);
}

/** The factors of a member. */
export function memberFactors(member) {
  const phone = member.mfa_phone_number;
  const { scim_registration: scim } = member;
  return section("Factors", [
    ["Password", id(member.password_id)],
    ["Authenticator app", member.totp_registration_id && [id(member.totp_registration_id), left(member)]],
    ["MFA phone", phone && [phone, unless(member.mfa_phone_number_verified)]],
    ["MFA", member.mfa_enrolled ? `enrolled${member.default_mfa_method ? `, default ${member.default_mfa_method}` : ""}` : undefined],
    ...(member.oauth_registrations ?? []).map(account),
    ...(member.sso_registrations ?? []).map((one) => ["SSO account", [`${one.external_id} at `, id(one.connection_id)]]),
    ["SCIM user", scim && [`${scim.external_id || scim.scim_attributes?.user_name || ""} at `, id(scim.connection_id)]],
  ]);
}

/** The badge of a locked user or member. */
export function lockBadge(person) {
  return person.is_locked && badge("Locked", "bad");
}

/** The end of a lock, and the button that ends it. `name` is the name of the id. */
export function lock(person, product, name) {
  if (!person.is_locked) return undefined;
  return element(
    "p",
    { key: "lock", class: "rest" },
    `Locked until ${readable(person.lock_expires_at)}. `,
    act("Unlock", "unlock", { product, [name]: person[name] }),
  );
}

/** The apps to which a user or member has granted access. */
export function grantedApps(person) {
  return section(
    "Connected Apps",
    (person.granted_apps ?? []).map((app) => [app.client_name || app.client_id, list(app.scopes)]),
  );
}

function section(title, pairs) {
  const given = pairs.filter(([, value]) => value);
  return given.length > 0 ? [element("h4", {}, title), facts(...given)] : undefined;
}

const account = ({ provider_type, provider_subject }) => [provider_type, [id(provider_subject)]];

const unless = (verified) => (verified ? undefined : " (not verified)");

const left = ({ recoveries_left: count }) => (typeof count === "number" ? `, ${count} recovery codes left` : undefined);
