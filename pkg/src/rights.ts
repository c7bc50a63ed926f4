// Why a session's roles, or a Connected App's scopes, allow something or do not:
// what `rbac.explain` returns. Types only: the wasm makes the values.

/** What was asked. */
export interface Question {
  /** The resource, as the policy spells it. */
  resource_id: string;
  /** What is to be done with it. */
  action: string;
}

/** A role of the session allows it. */
export interface GrantedByRole extends Question {
  allowed: true;
  /** The role; of several the first one, in the order of the policies. */
  role_id: string;
  scope?: undefined;
  /** Whose policy grants it. The project's is searched first. */
  granted_by: "project" | "organization";
  /** All actions that the role allows on the resource; `*` is every action. */
  actions: string[];
}

/** A scope of the app allows it. */
export interface GrantedByScope extends Question {
  allowed: true;
  /** The scope. */
  scope: string;
  role_id?: undefined;
  /** Whose policy grants it: scopes are the project's. */
  granted_by: "project";
  /** All actions that the scope allows on the resource; `*` is every action. */
  actions: string[];
}

/** No role or scope that is held allows it. */
export interface NotPermitted extends Question {
  allowed: false;
  reason: "invalid_permissions";
  /** The roles or scopes that are held. */
  held: string[];
  /** Those of them that no policy defines: misspelt, or removed. */
  not_in_policy: string[];
  /** The roles or scopes that would allow it. Empty if none does. */
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
