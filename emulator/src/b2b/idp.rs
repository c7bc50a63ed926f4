//! The authorization of Connected Apps by members, and the apps that the members of an organization have authorized.

use serde_json::{Value, json};

use super::B2b;
use super::authorization::roles_in;
use super::member::Member;
use super::organization::Organization;
use crate::call::{Call, Reply};
use crate::connected_apps::app::ConnectedApp;
use crate::errors::{self, Failure};
use crate::idp::decision::Decision;
use crate::idp::request::{AuthorizationRequest, Subject};
use crate::idp::{granted_view, listed_view};
use crate::ids::Ids;
use crate::rbac::policy::Role;
use crate::session_asked::Presented;

/// The member who decides, as a call selects the member.
enum Selector {
    Member {
        organization_id: String,
        id: String,
    },
    Session {
        organization_id: Option<String>,
        presented: Presented,
    },
}

/// `POST /v1/b2b/idp/oauth/authorize/start`.
pub(crate) fn authorize_start(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let request = AuthorizationRequest::read(&call.fields)?;
    let selector = Selector::read(call)?;
    let app = request.app(&b2b.project)?;
    let (organization, member) = selector.member(b2b, call)?;
    validate_app(organization, app)?;
    let (held, roles) = (member.role_ids(), roles_in(b2b, organization));
    let subject = selector.subject(member, &held, &roles);
    let examined = request.examine(&b2b.project, app, &subject);
    let reply =
        json!({ "member_id": member.member_id, "member": member, "organization": organization });
    Ok(Reply::ok(reply).and(examined.view()))
}

/// `POST /v1/b2b/idp/oauth/authorize`.
pub(crate) fn authorize(b2b: &mut B2b, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let request = AuthorizationRequest::read(&call.fields)?;
    let decision = Decision::read(&call.fields)?;
    let selector = Selector::read(call)?;
    let app = request.app(&b2b.project)?;
    decision.validate_for(app)?;
    let (organization, member) = selector.member(b2b, call)?;
    validate_app(organization, app)?;
    let (held, member) = (member.role_ids(), member.clone());
    let roles: Vec<Role> = roles_in(b2b, organization).into_iter().cloned().collect();
    let roles: Vec<&Role> = roles.iter().collect();
    let subject = selector.subject(&member, &held, &roles);
    let examined = request.examine(&b2b.project, app, &subject);
    let asked = (&request, &examined);
    Ok(decision.answer(&mut b2b.project, ids, asked, &subject, call))
}

/// `GET /v1/b2b/organizations/{organization_id}/connected_apps`.
pub(crate) fn list_of_organization(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let apps = b2b.project.connected_apps.iter();
    let apps: Vec<Value> = apps
        .filter(|app| active_members(b2b, organization, app).next().is_some())
        .map(listed_view)
        .collect();
    Ok(Reply::ok(json!({ "connected_apps": apps })))
}

/// `GET /v1/b2b/organizations/{organization_id}/connected_apps/{connected_app_id}`.
pub(crate) fn read(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let organization = b2b.organizations.find(call.path_param("organization_id"))?;
    let app = app_of_path(b2b, call)?;
    let active: Vec<Value> = active_members(b2b, organization, app).collect();
    Ok(Reply::ok(listed_view(app)).and(json!({ "active_members": active })))
}

/// `GET /v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps`.
pub(crate) fn list_of_member(b2b: &B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, member) = b2b.member_of_path(call)?;
    let consents = b2b.project.grants.consents_of(&member.member_id);
    let apps: Vec<Value> = consents
        .filter_map(|consent| {
            let app = b2b.project.connected_apps.find(&consent.client_id).ok()?;
            Some(granted_view(app, consent))
        })
        .collect();
    Ok(Reply::ok(json!({ "connected_apps": apps })))
}

/// `POST /v1/b2b/organizations/{organization_id}/members/{member_id}/connected_apps/{connected_app_id}/revoke`. Succeeds if
/// the member has not authorized the app, too.
pub(crate) fn revoke(b2b: &mut B2b, call: &Call) -> Result<Reply, Failure> {
    let (_, member) = b2b.member_of_path(call)?;
    let client_id = app_of_path(b2b, call)?.client_id.clone();
    b2b.project.grants.revoke(&client_id, &member.member_id);
    Ok(Reply::ok(json!({})))
}

/// Returns an error unless the organization allows the app.
pub(crate) fn validate_app(organization: &Organization, app: &ConnectedApp) -> Result<(), Failure> {
    let is_first_party = app.client_type.is_first_party();
    match organization
        .settings
        .allows_app(&app.client_id, is_first_party)
    {
        true => Ok(()),
        false => Err(errors::CONNECTED_APP_NOT_ALLOWED_FOR_ORG.failure()),
    }
}

impl Selector {
    fn read(call: &Call) -> Result<Self, Failure> {
        let fields = &call.fields;
        let organization_id = fields.text("organization_id")?.map(str::to_owned);
        let member_id = fields.text("member_id")?;
        match (member_id, Presented::read(fields)?) {
            (Some(_), Some(_)) => Err(errors::TOO_MANY_SESSION_ARGUMENTS.with_message(
                "Only one of member_id, session_token and session_jwt may be given.",
            )),
            (None, Some(presented)) => Ok(Self::Session {
                organization_id,
                presented,
            }),
            (Some(id), None) => Ok(Self::Member {
                organization_id: organization_id.ok_or(&errors::INVALID_ORGANIZATION_ID)?,
                id: id.to_owned(),
            }),
            (None, None) => Err(errors::NO_OAUTH_AUTHORIZE_MEMBER_SELECTOR.failure()),
        }
    }

    fn member<'a>(
        &self,
        b2b: &'a B2b,
        call: &Call,
    ) -> Result<(&'a Organization, &'a Member), Failure> {
        match self {
            Self::Member {
                organization_id,
                id,
            } => {
                let organization = b2b.organizations.find(organization_id)?;
                let member = b2b.members.find(&organization.organization_id, id)?;
                Ok((organization, member))
            }
            Self::Session {
                organization_id,
                presented,
            } => {
                let session = b2b.project.session(presented, call.now)?;
                let member = b2b.members.by_id(&session.subject)?;
                let organization = b2b.organizations.find(&member.organization_id)?;
                if let Some(id) = organization_id
                    && b2b.organizations.find(id)?.organization_id != organization.organization_id
                {
                    return Err(errors::SESSION_TENANCY_ERROR.failure());
                }
                Ok((organization, member))
            }
        }
    }

    fn subject<'a>(
        &self,
        member: &'a Member,
        held_roles: &'a [String],
        roles: &'a [&'a Role],
    ) -> Subject<'a> {
        Subject {
            id: &member.member_id,
            held_roles,
            roles,
            has_session: matches!(self, Self::Session { .. }),
        }
    }
}

fn app_of_path<'a>(b2b: &'a B2b, call: &Call) -> Result<&'a ConnectedApp, Failure> {
    b2b.project
        .connected_apps
        .find(call.path_param("connected_app_id"))
}

/// Returns the members of an organization who have authorized the app, with the scopes that they granted.
fn active_members<'a>(
    b2b: &'a B2b,
    organization: &'a Organization,
    app: &'a ConnectedApp,
) -> impl Iterator<Item = Value> + 'a {
    let consents = b2b.project.grants.consents_for(&app.client_id);
    consents.filter_map(|consent| {
        let member = b2b.members.by_id(&consent.subject).ok()?;
        let is_own = member.organization_id == organization.organization_id;
        is_own.then(|| json!({ "member_id": member.member_id, "granted_scopes": consent.scopes }))
    })
}

/// Returns the claims about a member that each of the scopes `profile`, `email` and `phone` grants. A claim that does not
/// exist is left out.
pub(crate) fn claims_by_scope(member: &Member) -> Value {
    let has_name = !member.name.is_empty();
    let has_phone = !member.mfa_phone_number.is_empty();
    json!({
        "profile": has_name.then(|| json!({ "name": member.name })),
        "email": {
            "email": member.email_address,
            "email_verified": member.email_address_verified,
        },
        "phone": has_phone.then(|| json!({
            "phone_number": member.mfa_phone_number,
            "phone_number_verified": member.mfa_phone_number_verified,
        })),
    })
}
