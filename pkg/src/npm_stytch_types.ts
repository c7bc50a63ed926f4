// Names that npm `stytch` exports only as types.

import type { AuthorizationCheck, OrgPolicy, Policy, PolicyRole } from "./generated/b2b_types.js";

/**
 * Throws a {@link ClientError} if a member's roles do not give a permission. A type and not a function, as in npm
 * `stytch`: use `authorization_check` instead.
 */
declare function performAuthorizationCheck(question: {
  /** The roles that the policies of the project and the organization define. */
  policyRoles: PolicyRole[];
  /** The roles of the member's session. */
  subjectRoles: string[];
  /** The organization of the member's session. */
  subjectOrgID: string;
  /** The permission. */
  authorizationCheck: AuthorizationCheck;
}): void;

/** Policies of a project and its organizations as npm `stytch` keeps them: a type only. */
declare class PolicyCache {
  /** How long a policy is used before it is fetched again, in milliseconds. */
  static readonly CacheTTL: number;
  constructor(rbac: {
    policy: () => Promise<{ policy?: Policy }>;
    organizations: {
      getOrgPolicy: (params: { organization_id: string }) => Promise<{ org_policy?: OrgPolicy }>;
    };
  });
  /** The project's policy. */
  getPolicy(): Promise<Policy>;
  /** The policy of an organization. */
  getOrgPolicy(organizationID: string): Promise<OrgPolicy>;
}

export type { PolicyCache, performAuthorizationCheck };
