// Why a session's roles, or a Connected App's scopes, allow something or do not:
// what `rbac.explain` gives. Made by the wasm; there is no JavaScript to it.

/** What was asked. */
interface Question {
  /** The resource, as the policy spells it. */
  resource_id: string;
  /** What is to be done with it. */
  action: string;
}

/** A role of the session allows it. */
export interface GrantedByRole extends Question {
  allowed: true;
  /** The role. Of several the first is told, in the order of the policies. */
  role_id: string;
  scope?: undefined;
  /** Whose policy says so. The project's is looked at first. */
  granted_by: "project" | "organization";
  /** All that the role allows on the resource; `*` is every action. */
  actions: string[];
}

/** A scope of the app allows it. */
export interface GrantedByScope extends Question {
  allowed: true;
  /** The scope. */
  scope: string;
  role_id?: undefined;
  /** Whose policy says so: scopes are the project's. */
  granted_by: "project";
  /** All that the scope allows on the resource; `*` is every action. */
  actions: string[];
}

/** No role or scope that is held allows it. */
export interface NotPermitted extends Question {
  allowed: false;
  reason: "invalid_permissions";
  /** The roles or scopes that are held. */
  held: string[];
  /** Those of them that no policy defines: misspelt, or gone since. */
  not_in_policy: string[];
  /** The roles or scopes that would allow it. Empty where nobody may. */
  would_allow: string[];
}

/** The resource belongs to another organization; no policy was asked. */
export interface OtherOrganization extends Question {
  allowed: false;
  reason: "tenancy_mismatch";
  /** The session's own organization. */
  organization_id: string;
  /** The organization that was asked about. */
  asked_organization_id: string;
}

/** Why a session's roles, or a Connected App's scopes, allow something or do not. */
export type Explanation = GrantedByRole | GrantedByScope | NotPermitted | OtherOrganization;
