//! Whether somebody may do something, by the policies that are there: tenancy first,
//! then the project's policy, then the organization's. One decision, for checks of
//! tokens and for callers who ask about a session that they hold.
//!
//! Reads no token and fetches no policy; says which ones it lacks.

use super::{Asking, Checked, ClientError, Need, PolicyCache, PolicyLookup};
use crate::session::{AuthorizationCheck, Explanation, Grants, Issuer, Policy, Subject};

/// What came of a question.
pub(super) enum Decision {
    Permitted,
    /// Whatever the policies say: nobody looked at them.
    OtherOrganization,
    NotPermitted,
    /// Nothing that is there permits it; this has yet to be asked.
    Needed(Vec<Need>),
    /// Nothing that is there permits it, and what might could not be had just now.
    Unavailable,
}

/// Decides, and shows every policy that it looks at, with the word for whose it is.
pub(super) fn decide(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    (subject, check): (&Subject, &AuthorizationCheck),
    asking: Asking,
    show: &mut dyn FnMut(&'static str, &Policy),
) -> Decision {
    // Whoever is of another organization is told so, and costs no request.
    if !subject.is_of_organization(check) {
        return Decision::OtherOrganization;
    }
    // Roles may be an organization's own; scopes are the project's only.
    let own = match &subject.grants {
        Grants::Roles(_) => subject.organization_id.as_deref(),
        Grants::Scopes(_) => None,
    };
    let (mut permitted, mut is_complete, mut needed) = (false, true, Vec::new());
    let mut sources = Some(("project", None));
    while let Some((owner, id)) = sources {
        match policies.find(issuer, id, asking) {
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

/// Tells what a session's roles, or an app's scopes, allow, and by what: `held` is the
/// session or the claims, as JSON text. Nothing of it is verified; whoever asks has
/// had it from a check.
///
/// # Errors
/// [`ClientError`] `invalid_argument` where `held` is neither, or one of the other
/// product; `jwks_unavailable` where a policy could not be had.
pub fn explain(
    policies: &mut PolicyCache,
    issuer: &Issuer,
    held: &str,
    check: &AuthorizationCheck,
    asking: Asking,
) -> Result<Checked<String>, ClientError> {
    let subject = Subject::read(held, issuer.product).map_err(|_| {
        ClientError::invalid_argument(
            "that is no session of this product with a list of roles, and no claims with a scope",
        )
    })?;
    let mut explanation = Explanation::of(&subject, check);
    let mut show = |owner: &'static str, policy: &Policy| explanation.look_at(owner, policy);
    match decide(policies, issuer, (&subject, check), asking, &mut show) {
        Decision::Needed(needs) => Ok(Checked::Needed(needs)),
        Decision::Unavailable => Err(ClientError::policy_unavailable()),
        _ => Ok(Checked::Done(explanation.to_json())),
    }
}
