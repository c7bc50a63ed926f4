// The result of `rbac.explain`: why a session's roles, or a Connected App's scopes, give a permission or not. Types only:
// the wasm makes the values.

/** The permission. */
export interface Question {
  /** The resource, as the policy spells it. */
  resource_id: string;
  /** The action on the resource. */
  action: string;
}

/** A role of the session gives the permission. */
export interface GrantedByRole extends Question {
  allowed: true;
  /** The role. Of several roles, the first one in the order of the policies. */
  role_id: string;
  scope?: undefined;
  /** The policy that grants it. The project's policy is searched first. */
  granted_by: "project" | "organization";
  /** All actions that the role allows on the resource; `*` is every action. */
  actions: string[];
}

/** A scope of the app gives the permission. */
export interface GrantedByScope extends Question {
  allowed: true;
  /** The scope. */
  scope: string;
  role_id?: undefined;
  /** The policy that grants it. Only the project's policy has scopes. */
  granted_by: "project";
  /** All actions that the scope allows on the resource; `*` is every action. */
  actions: string[];
}

/** The roles or scopes do not give the permission. */
export interface NotPermitted extends Question {
  allowed: false;
  reason: "invalid_permissions";
  /** The roles of the session, or the scopes of the app. */
  held: string[];
  /** The roles or scopes that the policies do not define: misspelt, or removed. */
  not_in_policy: string[];
  /** The roles or scopes that give the permission. */
  would_allow: string[];
}

/** The resource belongs to another organization. Policies were not used. */
export interface OtherOrganization extends Question {
  allowed: false;
  reason: "tenancy_mismatch";
  /** The session's own organization. */
  organization_id: string;
  /** The organization of the permission check. */
  asked_organization_id: string;
}

/** Why a session's roles, or a Connected App's scopes, give a permission or not. */
export type Explanation = GrantedByRole | GrantedByScope | NotPermitted | OtherOrganization;
