//! Mistakes in the description, each with the difference from the facts that the comparison must report.

/// A mistake in one file.
pub struct Fault {
    /// Below `api/`.
    pub file: &'static str,
    /// Pairs of an old text and its replacement.
    pub edits: &'static [(&'static str, &'static str)],
    /// One of the differences that must be reported.
    pub difference: &'static str,
}

pub const FAULTS: [Fault; 23] = [
    fault(
        "consumer/users.yaml",
        &[("method: users.get,", "method: users.read,")],
        "Client.users.get: missing",
    ),
    fault(
        "consumer/users.yaml",
        &[("method: users.get,", "method: users.read,")],
        "Client.users.read: not expected",
    ),
    fault(
        "consumer/users.yaml",
        &[("arguments: [params]", "arguments: [data]")],
        "Client.users.get: accepts `data: UsersGetRequest` instead of `params: UsersGetRequest`",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "application/json: {schema: {$ref: '#/components/schemas/UsersGetResponse'}}",
            "application/json: {schema: {$ref: '#/components/schemas/User'}}",
        )],
        "Client.users.get: returns `User` instead of `UsersGetResponse`",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "  /v1/users/search:\n    post:",
            "  /v1/users/search:\n    put:",
        )],
        "Client.users.search: calls `PUT /v1/users/search` instead of `POST /v1/users/search`",
    ),
    fault(
        "consumer/users.yaml",
        &[("                cursor:\n", "                pointer:\n")],
        "Client.users.search: has in its body `limit pointer query` instead of `cursor limit query`",
    ),
    fault(
        "b2b/members.yaml",
        &[("name: include_deleted", "name: with_deleted")],
        "B2BClient.organizations.members.dangerouslyGet: has in its query `with_deleted` instead of `include_deleted`",
    ),
    fault(
        "saml_shield/saml.yaml",
        &[("application/x-www-form-urlencoded", "application/json")],
        "SamlShieldClient.saml.validate: has in its form `` instead of `SAMLResponse`",
    ),
    fault(
        "saml_shield/saml.yaml",
        &[("https://api.samlshield.com", "https://telemetry.stytch.com")],
        "SamlShieldClient.saml.validate: goes to the host `fraud` instead of `saml_shield`",
    ),
    fault(
        "saml_shield/saml.yaml",
        &[("- public_token: []", "- project: []")],
        "SamlShieldClient.saml.validate: sends the credentials `basic` instead of `bearer`",
    ),
    fault(
        "shared/m2m.yaml",
        &[("      security: []\n", "")],
        "B2BClient.m2m.token: sends the credentials `basic` instead of `none`",
    ),
    fault(
        "openapi.yaml",
        &[(
            "calls: [idpIntrospect, consumerRbacPolicy]",
            "calls: [consumerRbacPolicy]",
        )],
        "Client.idp.introspectTokenNetwork: does not call POST /v1/public/{project_id}/oauth2/introspect",
    ),
    fault(
        "b2b/magic_links.yaml",
        &[
            ("arguments: [data, options]", "arguments: [data]"),
            (
                "      x-stytch-options: B2BMagicLinksEmailInviteRequestOptions\n",
                "",
            ),
            (
                "      parameters:\n        - {$ref: 'authorization.yaml#/components/parameters/MemberSession'}\n        - {$ref: 'authorization.yaml#/components/parameters/MemberSessionJwt'}\n",
                "",
            ),
        ],
        "B2BClient.magicLinks.email.invite: accepts a member's session: false",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "x-stytch-request: UsersDeleteRequest",
            "x-stytch-request: UsersRemoveRequest",
        )],
        "UsersDeleteRequest: missing",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "x-stytch-request: UsersDeleteRequest",
            "x-stytch-request: UsersRemoveRequest",
        )],
        "UsersDeleteRequest: neither generated nor written by hand",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "required: [request_id, user_id, status_code]",
            "required: [request_id, user_id]",
        )],
        "UsersDeleteResponse.status_code: optional is true",
    ),
    fault(
        "shared/fields.yaml",
        &[(
            "created_at:\n  type: string\n  format: date-time\n",
            "created_at:\n  type: string\n",
        )],
        "User.created_at: is not a time",
    ),
    fault(
        "shared/fraud_email.yaml",
        &[(
            "        tumbling_character_count:\n          type: integer",
            "        tumbling_character_count:\n          type: number",
        )],
        "AddressInformation.tumbling_character_count: is not a whole number",
    ),
    fault(
        "shared/fraud_email.yaml",
        &[(
            "        has_known_bounces:\n          type: boolean",
            "        has_known_bounces:\n          type: string",
        )],
        "AddressInformation.has_known_bounces: is `string` instead of `boolean`",
    ),
    fault(
        "consumer/users.yaml",
        &[
            ("        operator:\n", "        operators:\n"),
            (
                "required: [operator, operands]",
                "required: [operators, operands]",
            ),
        ],
        "SearchUsersQuery.operator: missing",
    ),
    fault(
        "consumer/users.yaml",
        &[
            ("        operator:\n", "        operators:\n"),
            (
                "required: [operator, operands]",
                "required: [operators, operands]",
            ),
        ],
        "SearchUsersQuery.operators: not expected",
    ),
    fault(
        "consumer/users.yaml",
        &[(
            "  schemas:\n",
            "  schemas:\n    Unused:\n      description: Not used.\n      type: string\n\n",
        )],
        "Unused: not expected",
    ),
    fault(
        "b2b/member_oauth_providers.yaml",
        &[(
            "x-stytch-typescript: B2BOrganizationsMembersOAuthProvidersProviderInformationRequest",
            "x-stytch-typescript: string",
        )],
        "B2BOrganizationsMembersOAuthProvidersMicrosoftRequest: is `string` instead of `B2BOrganizationsMembersOAuthProvidersProviderInformationRequest`",
    ),
];

const fn fault(
    file: &'static str,
    edits: &'static [(&'static str, &'static str)],
    difference: &'static str,
) -> Fault {
    Fault {
        file,
        edits,
        difference,
    }
}
