// The type of a seed. emulator/src/seed documents its members and checks them.

import type { Policy } from "./levers.js";

/** The content of an emulator at its start. Every member is optional. Times are RFC 3339 texts. */
export interface Seed {
  /** The source of all ids, tokens, secrets and signing keys that the seed does not contain. Default: random values. */
  random_seed?: string | number;
  /** The emulator's time at the start. Default: the time of the option `now`. */
  clock?: string | { now?: string; frozen?: boolean; tokens?: "emulator-time" | "real-time" };
  /** Accepts project ids that start with `project-live-`. Default: `false`. */
  allow_live?: boolean;
  /** Starts with `whsec_`. */
  webhook_secret?: string;
  /** The project that calls the consumer routes. */
  consumer?: SeedProject & {
    /**
     * As the API returns users; `email` and `phone_number` are short forms of the lists. `password` is the password or an
     * object with the fields of a migration (`hash`, `hash_type`); an entry of `totps` has `secret` and `recovery_codes`, an
     * entry of `webauthn_registrations` has `credential_id` and `public_key`.
     */
    users?: SeedObject[];
  };
  /** The project that calls the routes below `/v1/b2b`. */
  b2b?: SeedProject & {
    /**
     * As the API returns organizations, with `members`, `saml_connections`, `oidc_connections`, `external_connections` and
     * `scim_connection`, which has the `users` and `groups` of its directory. Members have `password` like users, and `totp`
     * with `secret` and `recovery_codes`.
     */
    organizations?: SeedObject[];
  };
}

/** The members that both projects have. */
export interface SeedProject {
  /** `project-test-<uuid>`. */
  project_id?: string;
  /** `secret-test-...`. */
  secret?: string;
  /** `public-token-test-<uuid>`, for the browser SDKs of Stytch. Default: it follows from the project id. */
  public_token?: string;
  /** A private RSA key as a JWK. */
  signing_key?: object;
  /** Settings of the dashboard for the browser SDKs. */
  sdk?: { pkce_required_for_email_magic_links?: boolean };
  /** In addition to the built-in roles and resources. */
  policy?: Policy;
  /** As the API returns clients, with `client_secret`. */
  m2m_clients?: SeedObject[];
  /** As the API returns apps, with `client_secret` and `grants`: `user_id` or `member_id`, `scopes`, `refresh_token`. */
  connected_apps?: SeedObject[];
  /** The issuers of trusted auth tokens, for `sessions.attest`. */
  trusted_token_profiles?: SeedObject[];
  /** Sessions of another provider, for `sessions.migrate`: `session_token` and `email_address`. */
  external_sessions?: SeedObject[];
  /** Devices, and the fields of `fraud.rules.set` and `fraud.verdictReasons.override`. */
  fraud?: { fingerprints?: SeedObject[]; rules?: SeedObject[]; verdict_reasons?: SeedObject[] };
}

/** An object in the form of the API. */
export type SeedObject = Record<string, unknown>;
