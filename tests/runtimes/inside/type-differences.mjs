// Where the package's types differ from npm stytch's on purpose, each with its reason,
// as side-by-side.mjs words them.

/** Rows of what is said, and why it is so. */
export const TYPE_DIFFERENCES = [
  [
    /^(Client|B2BClient|SamlShieldClient|PolicyCache|SamlShield)(\.\w+)* has private members$/,
    "only its own class has them; the fields and methods that everybody sees are compared",
  ],
  [/^Client\.users\.searchAll result has private members$/, "the same, of a class that is not exported"],
  [
    /^ConnectedAppsClientsGetResponse\.connected_app (has private members|is missing)$|^ConnectedAppsClientsGetResponse\.connected_app\.clients is missing$|^ConnectedApp is no value$/,
    "ConnectedApp: there, a class of the same name with private members is merged into the shape of the app",
  ],
  [
    /^B2BClient\.connectedApp\.(client_\w+|status|full_\w+|redirect_urls|access_\w+|post_\w+|bypass_\w+|creation_method|id_\w+|next_\w+|logo_url) is missing$/,
    "the same: there, the resource of a client has the fields of the app, as types, for nothing",
  ],
  [/^(SamlShield)?ClientConfig\.dispatcher is object instead of Dispatcher$/, "no dependency on undici"],
  [/^requestConfig\.dataRaw is not any$/, "the same: without Node's own types, undici's are any"],
  [/^(SamlShield)?ClientConfig\.fetch is not npm stytch's$/, "an option of this package"],
  [/^typeof (Client|B2BClient)\.fromEnv is not npm stytch's$/, "a constructor of this package"],
  [/^(ClientError|RequestError)\.reason is not npm stytch's$/, "says more than the code"],
  [/^typeof (ClientError|RequestError) takes 2 to [34] arguments$/, "the reason is the last of them"],
  [/^StytchError\.details is not npm stytch's$/, "the whole body, as the API sent it"],
  [/^typeof SamlShield takes 0 to 0 arguments$/, "its client makes it, from what is no caller's business"],
  [
    /^(Authorization|MemberSearchOperand|OrganizationClaim|OrganizationSearchOperand|ScopeAuthorizationFunc|UserSearchIterator|(B2B)?IntrospectToken(A|Ina)ctiveResponse) is not npm stytch's$/,
    "names for parts that have none there, or one that is not exported",
  ],
  [/^(ClientConfig|Environment) is not npm stytch's$/, "names for what constructors take"],
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
