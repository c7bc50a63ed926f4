//! Log-ins of users with OAuth providers.
//!
//! An account belongs to the user who has it, or else to the user with its email address, if the provider has verified the
//! address; otherwise a new user is created. Assumption: the user is created when the token is authenticated.

use serde_json::json;

use super::Consumer;
use super::log_in;
use super::selected::Selector;
use super::user::{Name, OauthProvider, Status, User};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge;
use crate::oauth::account::Identity;
use crate::oauth::flow::{Flow, Names, Purpose};
use crate::oauth::providers::Provider;
use crate::product::Product;
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;

/// `GET /v1/public/oauth/{provider}/start`. Redirects to the page that stands for the provider.
pub(crate) fn start(consumer: &mut Consumer, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let params = Fields::parse_form(call.request.query.as_bytes())?;
    let provider = Provider::find(call.path_param("provider"), Product::Consumer)?;
    let flows = &consumer.project.oauth;
    let attach = params.text("oauth_attach_token")?;
    let purpose = match attach {
        None => Purpose::User,
        Some(token) => Purpose::Attach {
            user_id: flows.attached_user(token, provider.name, call.now)?,
        },
    };
    let flow = Flow::read(ids, &params, (provider, purpose), &NAMES, call.now)?;
    let page = flow.page();
    consumer.project.oauth.begin(flow);
    if let Some(token) = attach {
        consumer.project.oauth.use_up_attach_token(token);
    }
    Ok(Reply::redirect(page))
}

/// `POST /v1/oauth/attach`. Returns a token for the start URL.
pub(crate) fn attach(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let name = fields.text("provider")?;
    let name = name.ok_or(&errors::INVALID_OAUTH_PROVIDER)?;
    let provider = Provider::find(name, Product::Consumer)?;
    let selector = Selector::read(fields)?;
    let selector = selector.ok_or(&errors::NO_USER_SELECTION_ARGUMENTS)?;

    let user_id = selector.user(consumer, call.now)?.user_id.clone();
    let oauth = &mut consumer.project.oauth;
    let token = oauth.attach(ids, provider, &user_id, call.now);
    Ok(Reply::ok(json!({ "oauth_attach_token": token })))
}

/// `POST /v1/oauth/authenticate`.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let token = fields.text("token")?.ok_or(&errors::INVALID_TOKEN)?;
    let presented = (token, fields.text("code_verifier")?);
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let token = consumer.project.oauth.usable(presented, false, call.now)?;
    let token = token.clone();
    let identity = &token.identity;
    let provider = Provider::find(&identity.provider, Product::Consumer)?;
    let mut user = match known_user(consumer, provider, identity, &token.purpose)? {
        Some(user) => user.clone(),
        None => new_user(ids, identity, call),
    };
    let address = identity.verified_email();
    let mut emails = user.emails.iter();
    let email = emails.find(|email| Some(email.email.as_str()) == address);
    let email_id = email.map(|email| email.email_id.clone());
    if let Some(id) = &email_id {
        user.verify(id);
    }
    let registration_id = register(ids, &mut user, provider, identity);
    let factor = identity.factor(provider, &registration_id, email_id.as_deref(), call.now);
    let attributes = Attributes::default();
    let login = (user, factor);
    let done = log_in::complete(consumer, ids, login, attributes, &asked, call.now)?;
    consumer.project.oauth.use_up(&token);

    let mut view = merge::object(done.view(&consumer.project, call.now)?);
    // For historical reasons, the session has another name than in the responses to other log-ins.
    if let Some(session) = view.shift_remove("session") {
        view.insert("user_session".into(), session);
    }
    Ok(Reply::ok(view.into()).and(json!({
        "provider_subject": identity.subject,
        "provider_type": provider.r#type,
        "provider_values": token.grant.values(),
        "oauth_user_registration_id": registration_id,
        "reset_sessions": done.reset_sessions,
    })))
}

/// Whether the log-in of this account is that of a known user.
pub(crate) fn is_known(consumer: &Consumer, identity: &Identity, purpose: &Purpose) -> bool {
    let provider = Provider::find(&identity.provider, Product::Consumer);
    provider.is_ok_and(|provider| {
        let known = known_user(consumer, provider, identity, purpose);
        known.is_ok_and(|user| user.is_some())
    })
}

/// Returns an account of each user for the page that stands for the provider: the account that the user has, or an account that
/// would be added.
pub(crate) fn accounts<'a>(
    consumer: &'a Consumer,
    provider: &'a Provider,
) -> impl Iterator<Item = Identity> + 'a {
    consumer.users.iter().filter_map(|user| {
        let mut providers = user.providers.iter();
        let known = providers.find(|known| known.provider_type == provider.r#type);
        let email = user.emails.first().map(|email| email.email.clone());
        let name = user.name.as_ref();
        let name = name.map(|name| format!("{} {}", name.first_name, name.last_name));
        Identity::suggested(
            provider,
            known.map(|known| known.provider_subject.as_str()),
            email.unwrap_or_default(),
            name.unwrap_or_default().trim(),
        )
    })
}

/// Returns the user to whom an account belongs, or who receives it. `None` if the user is new.
fn known_user<'a>(
    consumer: &'a Consumer,
    provider: &Provider,
    identity: &Identity,
    purpose: &Purpose,
) -> Result<Option<&'a User>, Failure> {
    let users = &consumer.users;
    let owner = users.with_account(provider.r#type, &identity.subject);
    if let Purpose::Attach { user_id } = purpose {
        let user = users.find(user_id)?;
        return match owner {
            Some(owner) if owner.user_id != user.user_id => Err(errors::INVALID_OAUTH_ATTACH_TOKEN
                .with_message("The account belongs to another user.")),
            _ => Ok(Some(user)),
        };
    }
    let by_email = || users.with_email(identity.verified_email()?);
    Ok(owner.or_else(by_email))
}

/// Returns a new user. Only a verified email address is added.
fn new_user(ids: &mut Ids, identity: &Identity, call: &Call) -> User {
    let mut user = User::new(ids, Status::Active, call.now);
    if let Some(address) = identity.verified_email() {
        user.add_email(ids, address.to_owned());
    }
    if !identity.name.is_empty() {
        let (first, last) = identity
            .name
            .split_once(' ')
            .unwrap_or((&identity.name, ""));
        user.name = Some(Name {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            ..Name::default()
        });
    }
    user
}

/// Adds the account to the user, and returns the id of the registration.
fn register(ids: &mut Ids, user: &mut User, provider: &Provider, identity: &Identity) -> String {
    let mut known = user.providers.iter();
    let known = known.find(|known| known.is_account(provider.r#type, &identity.subject));
    if let Some(known) = known {
        return known.oauth_user_registration_id.clone();
    }
    let id = ids.id("oauth-user");
    user.providers.push(OauthProvider {
        provider_type: provider.r#type.to_owned(),
        provider_subject: identity.subject.clone(),
        profile_picture_url: String::new(),
        locale: String::new(),
        oauth_user_registration_id: id.clone(),
    });
    id
}

const NAMES: Names = Names {
    code_challenge: "code_challenge",
    redirect_urls: [
        ("login_redirect_url", &errors::INVALID_LOGIN_OAUTH_URL),
        ("signup_redirect_url", &errors::INVALID_SIGNUP_OAUTH_URL),
    ],
};
