//! The RBAC policies of projects and organizations, as long as they are fresh.
//!
//! Decides when a policy has to be fetched; fetching is the shell's business.

use alloc::{borrow::ToOwned, string::String, vec, vec::Vec};
use core::fmt;

use super::{
    ClientError, Config,
    endpoint::Method,
    request::{self, OutgoingRequest},
};
use crate::{
    jwt::UnixSeconds,
    session::{Issuer, Policy, Product},
};

/// Policies by project and organization, the least recently used one dropped when
/// there are too many.
#[derive(Default)]
pub struct PolicyCache {
    /// Most recently used last.
    entries: Vec<Entry>,
}

struct Entry {
    issuer: Issuer,
    /// None for the project's own.
    organization_id: Option<String>,
    fetched_at: UnixSeconds,
    policy: Policy,
}

impl PolicyCache {
    /// A cache without any policy.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// The policy of a project, or of one of its organizations, unless it has to be
    /// fetched.
    #[must_use]
    pub fn find(
        &mut self,
        issuer: &Issuer,
        organization_id: Option<&str>,
        now: UnixSeconds,
    ) -> Option<&Policy> {
        let place = self.place_of(issuer, organization_id)?;
        let entry = self.entries.remove(place);
        // A clock that went back makes no policy fresh.
        if !(0.0..FRESH_SECONDS).contains(&(now - entry.fetched_at)) {
            return None;
        }
        Some(&self.entries.push_mut(entry).policy)
    }

    /// Takes in a policy that was asked for at `asked_at`, unless a later answer was
    /// faster: what was revoked meanwhile must not come back. A policy from the
    /// future is not in the way, because whoever looked for it before asking for
    /// this one has dropped it.
    pub fn store(
        &mut self,
        issuer: &Issuer,
        organization_id: Option<&str>,
        policy: Policy,
        asked_at: UnixSeconds,
    ) {
        if let Some(place) = self.place_of(issuer, organization_id) {
            let entry = self.entries.remove(place);
            if entry.fetched_at > asked_at {
                self.entries.push(entry);
                return;
            }
        }
        if self.entries.len() >= MAX_POLICIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry {
            issuer: issuer.clone(),
            organization_id: organization_id.map(str::to_owned),
            fetched_at: asked_at,
            policy,
        });
    }

    fn place_of(&self, issuer: &Issuer, organization_id: Option<&str>) -> Option<usize> {
        self.entries.iter().position(|entry| {
            entry.organization_id.as_deref() == organization_id && entry.issuer == *issuer
        })
    }
}

/// Shows how many policies there are.
impl fmt::Debug for PolicyCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PolicyCache of {}", self.entries.len())
    }
}

/// The request for a project's policy, or that of one of its organizations.
///
/// # Errors
/// [`ClientError`] with `invalid_argument` if the organization's identifier cannot
/// stand in a path.
pub fn policy_request<Json>(
    config: &Config,
    organization_id: Option<&str>,
) -> Result<OutgoingRequest<Json>, ClientError> {
    let path = match (config.product, organization_id) {
        (Product::Consumer, _) => "rbac/policy".to_owned(),
        (Product::B2b, None) => "b2b/rbac/policy".to_owned(),
        (Product::B2b, Some(organization_id)) => {
            let segment = request::path_segment("organization_id", organization_id)?;
            ["b2b/rbac/organizations/", &segment].concat()
        }
    };
    Ok(OutgoingRequest {
        method: Method::Get,
        url: [&config.origin, "/v1/", &path].concat(),
        headers: vec![request::user_agent(), request::authorization(config)],
        body: None,
    })
}

const FRESH_SECONDS: UnixSeconds = 300.0;
const MAX_POLICIES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        client::{Secret, endpoint::Endpoint},
        generated::endpoints::rows,
    };

    fn issuer(project: &str, product: Product) -> Issuer {
        Issuer {
            product,
            project_id: project.to_owned(),
            base_url: "https://test.stytch.com/".to_owned(),
        }
    }

    fn policy(role: &str) -> Policy {
        let text = format!(r#"{{"policy":{{"roles":[{{"role_id":"{role}"}}]}}}}"#);
        Policy::read(&text).unwrap()
    }

    #[test]
    fn keeps_a_policy_for_five_minutes() {
        let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
        assert_eq!(cache.find(&ours, None, 1000.0), None);
        cache.store(&ours, None, policy("a"), 1000.0);
        assert_eq!(cache.find(&ours, None, 1299.0), Some(&policy("a")));
        assert_eq!(cache.find(&ours, None, 1300.0), None);
        cache.store(&ours, None, policy("a"), 1000.0);
        assert_eq!(cache.find(&ours, None, 999.0), None, "the clock went back");
    }

    #[test]
    fn keeps_the_policy_of_the_later_fetch_when_an_earlier_one_is_slow() {
        let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
        cache.store(&ours, None, policy("new"), 1001.0);
        cache.store(&ours, None, policy("old"), 1000.0);
        assert_eq!(cache.find(&ours, None, 1002.0), Some(&policy("new")));
    }

    #[test]
    fn takes_a_policy_that_came_after_the_clock_went_back() {
        let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
        cache.store(&ours, None, policy("old"), 2000.0);
        assert_eq!(cache.find(&ours, None, 1000.0), None);
        cache.store(&ours, None, policy("new"), 1000.0);
        assert_eq!(cache.find(&ours, None, 1001.0), Some(&policy("new")));
    }

    #[test]
    fn keeps_products_projects_and_organizations_apart() {
        let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
        cache.store(&ours, None, policy("a"), 1000.0);
        cache.store(&ours, Some("o"), policy("b"), 1000.0);
        assert_eq!(cache.find(&ours, None, 1001.0), Some(&policy("a")));
        assert_eq!(cache.find(&ours, Some("o"), 1001.0), Some(&policy("b")));
        assert_eq!(cache.find(&ours, Some("q"), 1001.0), None);
        assert_eq!(cache.find(&issuer("q", Product::B2b), None, 1001.0), None);
        assert_eq!(
            cache.find(&issuer("p", Product::Consumer), None, 1001.0),
            None
        );
    }

    #[test]
    fn drops_the_least_recently_used_beyond_its_bound() {
        let (mut cache, ours) = (PolicyCache::new(), issuer("p", Product::B2b));
        for number in 0..=MAX_POLICIES {
            cache.store(&ours, Some(&number.to_string()), policy("a"), 1000.0);
            assert!(cache.find(&ours, Some("0"), 1000.0).is_some());
        }
        assert_eq!(cache.entries.len(), MAX_POLICIES);
        assert_eq!(cache.find(&ours, Some("1"), 1000.0), None);
    }

    #[test]
    fn asks_where_the_product_has_its_policies() {
        let config = |product| Config {
            product,
            project_id: "p".to_owned(),
            secret: Secret::new("s"),
            base_url: "https://test.stytch.com/".to_owned(),
            origin: "https://test.stytch.com".to_owned(),
            fraud_origin: "https://telemetry.stytch.com".to_owned(),
            timeout_ms: 30_000,
        };
        let url = |product, organization: Option<&str>| {
            policy_request::<()>(&config(product), organization).map(|request| request.url)
        };
        let host = "https://test.stytch.com";
        let path = |row| Endpoint::in_row(row).unwrap().path;
        assert_eq!(
            url(Product::Consumer, None),
            Ok(format!("{host}{}", path(rows::CONSUMER_RBAC_POLICY)))
        );
        assert_eq!(
            url(Product::B2b, None),
            Ok(format!("{host}{}", path(rows::B2B_RBAC_POLICY)))
        );
        assert_eq!(
            url(Product::B2b, Some("a/b")),
            Ok(format!(
                "{host}{}",
                path(rows::B2B_RBAC_ORGANIZATIONS_GET_ORG_POLICY)
                    .replace("{organization_id}", "a%2Fb")
            ))
        );
        assert!(url(Product::B2b, Some("..")).is_err());
        let request = policy_request::<()>(&config(Product::B2b), None).unwrap();
        assert!(
            request
                .headers
                .contains(&("Authorization", "Basic cDpz".to_owned()))
        );
    }
}
