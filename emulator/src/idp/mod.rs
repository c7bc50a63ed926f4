//! The project as an identity provider: an authorization request of a Connected App, the scopes that a user or member can
//! grant, and the decision about it (RFC 6749, section 4.1).
//!
//! Does not know users and members. The routes are in `consumer/idp.rs` and `b2b/idp.rs`, and the tokens are issued in
//! `oauth2/`.

pub(crate) mod decision;
pub(crate) mod request;
mod scopes;

use serde_json::{Value, json};

use crate::connected_apps::app::ConnectedApp;
use crate::connected_apps::grants::Consent;

/// Returns an app as users see it on the page that asks for their consent.
pub(crate) fn public_view(app: &ConnectedApp) -> Value {
    let view = json!({
        "client_id": app.client_id,
        "client_name": app.client_name,
        "client_description": app.client_description,
        "client_type": app.client_type,
    });
    with_logo(view, app)
}

/// Returns an app in the list of the apps that a user or an organization uses.
pub(crate) fn listed_view(app: &ConnectedApp) -> Value {
    let view = json!({
        "connected_app_id": app.client_id,
        "name": app.client_name,
        "description": app.client_description,
        "client_type": app.client_type,
    });
    with_logo(view, app)
}

/// Returns an app with the scopes that a user or member has granted to it.
pub(crate) fn granted_view(app: &ConnectedApp, consent: &Consent) -> Value {
    let mut view = listed_view(app);
    if let Value::Object(members) = &mut view {
        members.insert("scopes_granted".into(), json!(consent.scopes.join(" ")));
    }
    view
}

/// Adds the URL of the logo, if the app has one.
fn with_logo(mut view: Value, app: &ConnectedApp) -> Value {
    if let (Value::Object(members), Some(url)) = (&mut view, &app.logo_url) {
        members.insert("logo_url".into(), json!(url));
    }
    view
}
