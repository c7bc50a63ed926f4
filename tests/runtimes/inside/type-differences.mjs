// The deliberate differences between the package's types and npm stytch's, each with its reason.
// The texts are those of side-by-side.mjs.

import { offers, types } from "./facts.mjs";

/** The public classes of npm stytch. */
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
  "B2BStartLoginOptions",
  "BegunSession",
  "CacheLike",
  "CallbackOptions",
  "CallOptions",
  "ClientEvent",
  "CookieOptions",
  "CookieToSet",
  "DenoKvLike",
  "Explanation",
  "Finding",
  "HeadersLike",
  "IntrospectTokenActiveResponse",
  "IntrospectTokenInactiveResponse",
  "JwkSet",
  "KindsOptions",
  "KindVerdict",
  "KvNamespaceLike",
  "LoggedOut",
  "LoginPages",
  "LoginRequest",
  "LogOutOptions",
  "MachineRequestOptions",
  "MachineRequestVerdict",
  "MemberKinds",
  "MemberLogin",
  "MemberSearchOperand",
  "MemberVerdict",
  "OrganizationClaim",
  "OrganizationSearchOperand",
  "PendingLogin",
  "ProtectedResource",
  "ProtectedResourceMetadata",
  "Refused",
  "RemoteFallback",
  "RequestAuthenticator",
  "RequestEvent",
  "RequestLike",
  "ResetPasswordOptions",
  "ResourceRequest",
  "ResponseEvent",
  "RetryEvent",
  "ScopeAuthorizationFunc",
  "SessionVerifierConfig",
  "StartedLogin",
  "StartLoginOptions",
  "Store",
  "TokenProvider",
  "TokenProviderRequest",
  "UserKinds",
  "UserLogin",
  "UserSearchIterator",
  "UserVerdict",
  "VerdictEvent",
];

/** Methods of both clients that npm stytch does not have, with their own types. */
const OWN_METHODS = [
  "authenticateRequest",
  "clearSessionHeaders",
  "doctor",
  "exportKeys",
  "finishLogin",
  "handleCallback",
  "idp.authenticateRequest",
  "idp.protectedResourceMetadata",
  "isSameOrigin",
  "loadKeys",
  "loadPolicies",
  "logOut",
  "pendingLogin",
  "rbac.can",
  "rbac.explain",
  "reset",
  "resetPassword",
  "sessionHeaders",
  "sessions.authenticateJwtLocalSync",
  "startLogin",
];

const OWN_OPTIONS = [
  "cookies",
  "fetch",
  "isolated",
  "jwks",
  "jwks_pinned",
  "jwks_url",
  "keys_max_stale_seconds",
  "max_response_bytes",
  "refresh_limits",
  "refresh_timeout",
  "on_event",
  "on_request",
  "on_response",
  "on_retry",
  "on_verdict",
  "policy_ttl_seconds",
  "public_token",
  "remote_fallback",
  "retries",
  "store",
  "token_cache",
  "wait_until",
];

/** The methods that send one request, and do not have options in npm stytch. A class of both clients is compared once. */
const WITHOUT_OPTIONS = offers.filter(({ client, path, operation: { args, http, names } }) => {
  const isGenerated = http && !["m2m.token", "sessions.authenticateJwt"].includes(path.join("."));
  const isComparedLater = client === "Client" && "B2BClient" in names;
  return isGenerated && !isComparedLater && !args.some(({ optional }) => optional);
});

/** The methods that are written by hand, and do not have options in npm stytch. */
const BY_HAND = [
  "B2BClient.m2m.token takes 1 to 2",
  "B2BClient.sessions.authenticateJwt takes 1 to 2",
  "B2BClient.sessions.authenticateJwtLocal takes 1 to 2",
  "Client.sessions.authenticateJwt takes 1 to 2",
  "Client.sessions.authenticateJwtLocal takes 1 to 2",
];

/** The methods that are written by hand, and have options in npm stytch. */
const INTROSPECTIONS = ["B2BClient", "Client"].flatMap((client) =>
  ["introspectTokenLocal", "introspectTokenNetwork"].map((method) => `${client}.idp.${method} argument 2`),
);

const OPTIONS_OF_METHODS = Object.keys(types)
  .map((id) => id.split("#")[1])
  .filter((name) => name.endsWith("RequestOptions"));

/** Rows of texts, or a pattern of texts, and the reason. Every text must occur. */
export const TYPE_DIFFERENCES = [
  [CLASSES, "private members belong to one class; public fields and methods are compared"],
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
      "ConnectedApp is not a value",
    ],
    "ConnectedApp: npm stytch merges a class of the same name, with private members, into the app's shape",
  ],
  [
    FIELDS_OF_AN_APP.map((name) => `B2BClient.connectedApp.${name.replace("?", "")} is missing`),
    "ConnectedApp: in npm stytch, the client's resource has the app's fields as types only",
  ],
  [
    ["ClientConfig", "SamlShieldClientConfig"].map(
      (name) => `${name}.dispatcher is object instead of Dispatcher`,
    ),
    "the package does not depend on undici",
  ],
  [["requestConfig.dataRaw is not any"], "the package does not depend on undici; without Node's types, undici's types are any"],
  [
    OWN_OPTIONS.map((name) => `ClientConfig.${name} is not npm stytch's`)
      .concat(["fetch", "retries"].map((name) => `SamlShieldClientConfig.${name} is not npm stytch's`)),
    "an option of this package",
  ],
  [
    ["cacheStore", "denoKvStore", "kvStore"].map((name) => `${name} is not npm stytch's`),
    "stores for the option store",
  ],
  [
    ["SessionVerifier", "loginResponse", "refusal", "withSession"].map((name) => `${name} is not npm stytch's`),
    "verdicts without a client, guarded handlers, and responses of log-ins",
  ],
  [
    ["Client", "B2BClient"]
      .flatMap((client) => OWN_METHODS.map((name) => `${client}.${name}`))
      // Both clients have the same class, which is compared once.
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
    WITHOUT_OPTIONS.map(({ name, operation: { args } }) => {
      const ours = name.replace("SamlShieldClient.saml.", "SamlShield.");
      return `${ours} takes ${args.length} to ${args.length + 1} arguments`;
    }),
    "the last argument is the options of a call",
  ],
  [
    BY_HAND.map((name) => `${name} arguments`).concat(
      "Client.users.searchAll takes 1 to 2 arguments",
      "B2BClient.m2m.authenticateToken takes 1 to 3 arguments",
    ),
    "the last argument is the options of a call",
  ],
  [
    INTROSPECTIONS.concat(OPTIONS_OF_METHODS).flatMap((name) =>
      ["retries", "signal", "timeout"].map((option) => `${name}.${option} is not npm stytch's`),
    ),
    "the options of every call",
  ],
  [
    ["Client.fromEnv", "B2BClient.fromEnv"].map((name) => `typeof ${name} is not npm stytch's`),
    "a constructor of this package",
  ],
  [
    [
      "ClientError.reason",
      "RequestError.attempts",
      "RequestError.reason",
      "RequestError.request_id",
      "RequestError.retry_after_seconds",
      "RequestError.status_code",
      "StytchError.details",
    ].map(
      (name) => `${name} is not npm stytch's`,
    ),
    "the package declares additional fields",
  ],
  [
    ["typeof ClientError takes 2 to 4 arguments", "typeof RequestError takes 2 to 4 arguments"],
    "the last arguments are the reason and the details of the response",
  ],
  [["typeof SamlShield takes 0 to 0 arguments"], "the client constructs it with internal arguments"],
  [PARTS.map((name) => `${name} is not npm stytch's`), "parts that npm stytch does not name or does not export"],
  [
    ["ClientConfig", "Environment"].map((name) => `${name} is not npm stytch's`),
    "names for the arguments of constructors",
  ],
];

/** Types of tests/facts that are not public, and the reason. */
export const NOT_MET = new Map([
  ["b2b/organizations#MemberSearchOperand", "a part of SearchQueryOperand, which is compared"],
  ["b2b/organizations#OrganizationSearchOperand", "a part of SearchQueryOperand, which is compared"],
  [
    "b2b/organizations_members_oauth_providers#B2BOrganizationsMembersOAuthProvidersMicrosoftRequest",
    "another name for the argument of the other providers' methods, which is compared",
  ],
  ["shared/index#fetchConfig", "in private members only"],
  ["shared/sessions#JwtConfig", "in constructors that callers do not use"],
  ["shared/sessions#IntermediateSession", "in functions that are not exported"],
  ["shared/rbac_local#baseScopeAuthorizationCheckArgs", "in functions that are not exported"],
  [
    "shared/rbac_local#baseRoleAuthorizationCheckArgs",
    "performAuthorizationCheck has its fields, and is compared",
  ],
  ["shared/rbac_local#AuthorizationCheck", "performAuthorizationCheck has its fields, and is compared"],
  ["shared/rbac_local#PolicyGetter", "OrgPolicyGetter has its fields, and is compared"],
  ["shared/rbac_local#Policy", "a bound of a type parameter"],
  ["shared/rbac_local#OrgPolicy", "a bound of a type parameter"],
]);
