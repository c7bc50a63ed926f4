//! The routes that describe a project itself: its public keys, its name and its policy.

use serde_json::json;

use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::product::Product;
use crate::project::Project;
use crate::shapes;
use crate::state::Projects;

/// `GET /v1/sessions/jwks/{project_id}` and its B2B counterpart. Clients fetch the key set without credentials.
pub(crate) fn jwks(projects: &Projects, call: &Call) -> Result<Reply, Failure> {
    let asked = call.path_param("project_id");
    if !shapes::is_id("project", asked) {
        return Err(errors::INVALID_PROJECT_ID.failure());
    }
    let project = projects.of(call.product);
    if project.id == asked {
        return Ok(Reply::ok(json!({ "keys": project.keys.jwk_set() })));
    }
    let row = match call.product {
        Product::Consumer if projects.b2b.project.id == asked => &errors::INVALID_CONSUMER_ENDPOINT,
        Product::B2b if projects.consumer.project.id == asked => &errors::INVALID_B2B_ENDPOINT,
        _ => &errors::PROJECT_NOT_FOUND,
    };
    Err(row.failure())
}

/// `GET /v1/debug/whoami`.
pub(crate) fn whoami(project: &Project, call: &Call) -> Result<Reply, Failure> {
    let name = format!("Emulated {} project", call.product.name());
    Ok(Reply::ok(json!({ "project_id": project.id, "name": name })))
}

/// `GET /v1/rbac/policy` and its B2B counterpart.
pub(crate) fn policy(project: &Project, _: &Call) -> Result<Reply, Failure> {
    Ok(Reply::ok(json!({ "policy": project.policy })))
}

/// `GET /v1/projects/metrics`. Deleted objects do not count.
pub(crate) fn metrics(projects: &Projects, call: &Call) -> Result<Reply, Failure> {
    let metric = |name: &str, count: usize| json!({ "metric_type": name, "count": count });
    let project = projects.of(call.product);
    let mut metrics = match call.product {
        Product::Consumer => vec![metric("USER_COUNT", projects.consumer.users.iter().count())],
        Product::B2b => {
            let members = projects.b2b.members.iter();
            let members = members.filter(|member| !member.is_deleted());
            let organizations = projects.b2b.organizations.iter();
            vec![
                metric("ORGANIZATION_COUNT", organizations.count()),
                metric("MEMBER_COUNT", members.count()),
            ]
        }
    };
    metrics.push(metric(
        "M2M_CLIENT_COUNT",
        project.m2m_clients.iter().count(),
    ));
    Ok(Reply::ok(
        json!({ "project_id": project.id, "metrics": metrics }),
    ))
}
