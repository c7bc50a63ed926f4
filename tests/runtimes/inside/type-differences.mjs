// Where the package's types differ from npm stytch's on purpose, each with its reason,
// as side-by-side.mjs words them.

import { types } from "./facts.mjs";

/** The classes of npm stytch that callers meet. */
const CLASSES = /^(Client|B2BClient|SamlShieldClient)(\.\w+)* has private members$/;

const FIELDS_OF_AN_APP = Object.keys(types["b2c/connected_apps#ConnectedApp"].fields);

/** Names for parts of shapes. */
const PARTS = [
  "AppRequestOptions",
  "AppRequestVerdict",
  "AuthenticateRequestOptions",
  "Authorization",
  "B2BAppRequestOptions",
  "B2BAppRequestVerdict",
  "B2BAuthenticateRequestOptions",
  "B2BIntrospectTokenActiveResponse",
  "B2BIntrospectTokenInactiveResponse",
  "BegunSession",
  "CacheLike",
  "ClientEvent",
  "CookieOptions",
  "DenoKvLike",
  "Explanation",
  "HeadersLike",
  "IntrospectTokenActiveResponse",
  "IntrospectTokenInactiveResponse",
  "JwkSet",
  "Judge",
  "KvNamespaceLike",
  "MachineRequestOptions",
  "MachineRequestVerdict",
  "MemberSearchOperand",
  "MemberVerdict",
  "OrganizationClaim",
  "OrganizationSearchOperand",
  "ProtectedResource",
  "ProtectedResourceMetadata",
  "Refused",
  "RemoteFallback",
  "RequestLike",
  "ResourceRequest",
  "ScopeAuthorizationFunc",
  "SessionVerifierConfig",
  "Store",
  "TokenProvider",
  "TokenProviderRequest",
  "UserSearchIterator",
  "UserVerdict",
];

/** What both clients have beside npm stytch's methods, each with types of its own. */
const OWN_METHODS = [
  "authenticateRequest",
  "clearSessionHeaders",
  "exportKeys",
  "idp.authenticateRequest",
  "idp.protectedResourceMetadata",
  "loadKeys",
  "loadPolicies",
  "rbac.can",
  "rbac.explain",
  "reset",
  "sessionHeaders",
  "sessions.authenticateJwtLocalSync",
];

const OWN_OPTIONS = [
  "cookies",
  "fetch",
  "isolated",
  "jwks",
  "jwks_pinned",
  "jwks_url",
  "keys_max_stale_seconds",
  "on_event",
  "policy_ttl_seconds",
  "remote_fallback",
  "store",
  "token_cache",
  "wait_until",
];

/** Rows of texts, or a pattern of them, and why it is so. Each text must be true. */
export const TYPE_DIFFERENCES = [
  [CLASSES, "only its own class has them; the fields and methods that everybody sees are compared"],
  [
    ["SamlShield", "PolicyCache", "Client.users.searchAll result"].map(
      (name) => `${name} has private members`,
    ),
    "the same",
  ],
  [
    [
      "ConnectedAppsClientsGetResponse.connected_app has private members",
      "ConnectedAppsClientsGetResponse.connected_app.clients is missing",
      "ConnectedApp is no value",
    ],
    "ConnectedApp: there, a class of the same name with private members is merged into the shape of the app",
  ],
  [
    FIELDS_OF_AN_APP.map((name) => `B2BClient.connectedApp.${name.replace("?", "")} is missing`),
    "the same: there, the resource of a client has the fields of the app, as types, for nothing",
  ],
  [
    ["ClientConfig", "SamlShieldClientConfig"].map(
      (name) => `${name}.dispatcher is object instead of Dispatcher`,
    ),
    "no dependency on undici",
  ],
  [["requestConfig.dataRaw is not any"], "the same: without Node's own types, undici's are any"],
  [
    OWN_OPTIONS.map((name) => `ClientConfig.${name} is not npm stytch's`)
      .concat("SamlShieldClientConfig.fetch is not npm stytch's"),
    "an option of this package",
  ],
  [
    ["cacheStore", "denoKvStore", "kvStore"].map((name) => `${name} is not npm stytch's`),
    "stores for one of these options",
  ],
  [
    ["SessionVerifier", "refusal", "withSession"].map((name) => `${name} is not npm stytch's`),
    "verdicts on requests, where no client is at hand or a handler is to be guarded",
  ],
  [
    ["Client", "B2BClient"]
      .flatMap((client) => OWN_METHODS.map((name) => `${client}.${name}`))
      // One class of both clients, which is compared once.
      .concat("B2BClient.m2m.authenticateRequest", "B2BClient.m2m.tokenProvider")
      .map((name) => `${name} is not npm stytch's`),
    "a method of this package",
  ],
  [
    ["SessionsAuthenticateJwtRequest", "B2BSessionsAuthenticateJwtRequest"].map(
      (name) => `${name}.remote_fallback is not npm stytch's`,
    ),
    "a parameter of this package",
  ],
  [
    ["Client.fromEnv", "B2BClient.fromEnv"].map((name) => `typeof ${name} is not npm stytch's`),
    "a constructor of this package",
  ],
  [
    ["ClientError.reason", "RequestError.reason", "StytchError.details"].map(
      (name) => `${name} is not npm stytch's`,
    ),
    "says more",
  ],
  [
    ["typeof ClientError takes 2 to 4 arguments", "typeof RequestError takes 2 to 3 arguments"],
    "the reason is the last of them",
  ],
  [["typeof SamlShield takes 0 to 0 arguments"], "its client makes it, from what is no caller's business"],
  [PARTS.map((name) => `${name} is not npm stytch's`), "parts that have no name there, or are not exported"],
  [
    ["ClientConfig", "Environment"].map((name) => `${name} is not npm stytch's`),
    "names for what constructors take",
  ],
];

/** Types of tests/facts that no caller meets, and why. */
export const NOT_MET = new Map([
  ["b2b/organizations#MemberSearchOperand", "a part of SearchQueryOperand, and compared as that"],
  ["b2b/organizations#OrganizationSearchOperand", "a part of SearchQueryOperand, and compared as that"],
  [
    "b2b/organizations_members_oauth_providers#B2BOrganizationsMembersOAuthProvidersMicrosoftRequest",
    "another name for what the other providers' methods take, and compared as that",
  ],
  ["shared/index#fetchConfig", "in private members only"],
  ["shared/sessions#JwtConfig", "in constructors that nobody calls"],
  ["shared/sessions#IntermediateSession", "in functions that are not exported"],
  ["shared/rbac_local#baseScopeAuthorizationCheckArgs", "in functions that are not exported"],
  [
    "shared/rbac_local#baseRoleAuthorizationCheckArgs",
    "performAuthorizationCheck takes its fields, and is compared",
  ],
  ["shared/rbac_local#AuthorizationCheck", "the same"],
  ["shared/rbac_local#PolicyGetter", "OrgPolicyGetter has its fields, and is compared"],
  ["shared/rbac_local#Policy", "a bound of a type parameter"],
  ["shared/rbac_local#OrgPolicy", "a bound of a type parameter"],
]);
