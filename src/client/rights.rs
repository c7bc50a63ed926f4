//! Decides whether a subject may do an action: by tenancy first, then by the project's policy, then by the
//! organization's. Checks of tokens and explanations share this decision.
//!
//! This module does not read tokens or fetch policies; it returns the policies that it needs.

use super::{Checked, ClientError, LookupContext, Need, PolicyCache, PolicyLookup};
use crate::session::{AuthorizationCheck, Explanation, Grants, Issuer, Policy, Subject};

/// The decision about a permission.
pub(super) enum Decision {
    Permitted,
    /// The subject is of another organization. The policies are not read.
    OtherOrganization,
    NotPermitted,
    /// The available policies do not permit it; these policies must be fetched first.
    Needed(Vec<Need>),
    /// The available policies do not permit it, and another policy is unavailable now.
    Unavailable,
}

/// Decides about a permission. Calls `show` with each policy that it reads and its owner, `project` or `organization`.
pub(super) fn decide(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    (subject, check): (&Subject, &AuthorizationCheck),
    lookup: LookupContext,
    show: &mut dyn FnMut(&'static str, &Policy),
) -> Decision {
    // A subject of another organization is refused without a request.
    if !subject.is_of_organization(check) {
        return Decision::OtherOrganization;
    }
    // An organization can define roles of its own. Only the project defines scopes.
    let own = match &subject.grants {
        Grants::Roles(_) => subject.organization_id.as_deref(),
        Grants::Scopes(_) => None,
    };
    let (mut permitted, mut is_complete, mut needed) = (false, true, Vec::new());
    let mut sources = Some(("project", None));
    while let Some((owner, id)) = sources {
        match policies.find(issuer, id, lookup) {
            PolicyLookup::Found(policy) => {
                permitted |= subject.is_permitted(check, policy);
                show(owner, policy);
            }
            PolicyLookup::Fetch => needed.push(Need::Policy(id.map(str::to_owned))),
            PolicyLookup::Unavailable => is_complete = false,
        }
        sources = own
            .filter(|_| id.is_none())
            .map(|own| ("organization", Some(own)));
    }
    match (permitted, needed.is_empty(), is_complete) {
        (true, ..) => Decision::Permitted,
        (_, false, _) => Decision::Needed(needed),
        (.., false) => Decision::Unavailable,
        (.., true) => Decision::NotPermitted,
    }
}

/// Explains which role or scope allows an action, or why the action is not allowed.
///
/// `held` is the JSON text of a session or of access-token claims. It is not verified: the caller has received it from
/// a check. Returns the explanation as JSON text.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if `held` is neither, or is of the other product; with `jwks_unavailable` if
/// a policy is unavailable.
pub fn explain(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    held: &str,
    check: &AuthorizationCheck,
    lookup: LookupContext,
) -> Result<Checked<String>, ClientError> {
    let subject = Subject::read(held, issuer.product).map_err(|_| {
        ClientError::invalid_argument(
            "expected a session (with \"roles\") or access-token claims (with \"scope\") of this client's product",
        )
    })?;
    let mut explanation = Explanation::of(&subject, check);
    let mut show = |owner: &'static str, policy: &Policy| explanation.look_at(owner, policy);
    match decide(policies, issuer, (&subject, check), lookup, &mut show) {
        Decision::Needed(needs) => Ok(Checked::Needed(needs)),
        Decision::Unavailable => Err(ClientError::policy_unavailable()),
        _ => Ok(Checked::Done(explanation.to_json())),
    }
}
