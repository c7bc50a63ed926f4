//! The routes, one row each, and the first four judgements on a call: its path, its verb, its credentials, its product.

use percent_encoding::percent_decode_str;

use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::{Emulator, b2b, consumer, m2m, oauth2, project, rbac};

/// Which of the two products a project or a route belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Consumer,
    B2b,
}

impl Product {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::B2b => "b2b",
        }
    }
}

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Anyone, without credentials.
    Anyone,
    /// A project of the product that the path belongs to.
    Project,
    /// A project of either product.
    EitherProject,
    /// An OAuth 2.0 client of the project that the path names. It says in its own way who it is.
    Client,
}

type Operation = fn(&mut Emulator, &Call) -> Result<Reply, Failure>;

pub(crate) struct Route {
    method: &'static str,
    path: &'static str,
    pub(crate) caller: Caller,
    pub(crate) operation: Operation,
}

macro_rules! routes {
    ($($method:ident $path:literal $caller:ident => $operation:path;)*) => {
        &[$(Route {
            method: stringify!($method),
            path: $path,
            caller: Caller::$caller,
            operation: $operation,
        }),*]
    };
}

// A literal segment goes before a placeholder in its place: the first row that fits a path wins.
static ROUTES: &[Route] = routes! {
    POST "/v1/magic_links/email/login_or_create" Project => consumer::magic_links::login_or_create;
    POST "/v1/magic_links/authenticate" Project => consumer::magic_links::authenticate;
    GET "/v1/sessions" Project => consumer::sessions::list;
    POST "/v1/sessions/authenticate" Project => consumer::sessions::authenticate;
    POST "/v1/sessions/revoke" Project => consumer::sessions::revoke;
    GET "/v1/sessions/jwks/{project_id}" Anyone => project::jwks;
    POST "/v1/users" Project => consumer::users::create;
    POST "/v1/users/search" Project => consumer::search::search;
    GET "/v1/users/{user_id}" Project => consumer::users::read;
    PUT "/v1/users/{user_id}" Project => consumer::users::update;
    DELETE "/v1/users/{user_id}" Project => consumer::users::delete;
    GET "/v1/rbac/policy" Project => rbac::read;
    POST "/v1/m2m/clients" EitherProject => m2m::clients::create;
    POST "/v1/m2m/clients/search" EitherProject => m2m::search::search;
    GET "/v1/m2m/clients/{client_id}" EitherProject => m2m::clients::read;
    PUT "/v1/m2m/clients/{client_id}" EitherProject => m2m::clients::update;
    DELETE "/v1/m2m/clients/{client_id}" EitherProject => m2m::clients::delete;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate/start" EitherProject => m2m::secrets::start;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate" EitherProject => m2m::secrets::finish;
    POST "/v1/m2m/clients/{client_id}/secrets/rotate/cancel" EitherProject => m2m::secrets::cancel;
    POST "/v1/public/{project_id}/oauth2/token" Client => oauth2::token::token;
    POST "/v1/public/{project_id}/oauth2/introspect" Client => oauth2::introspect::introspect;
    GET "/v1/debug/whoami" EitherProject => project::whoami;
    POST "/v1/b2b/organizations" Project => b2b::organizations::create;
    GET "/v1/b2b/organizations/{organization_id}" Project => b2b::organizations::read;
    POST "/v1/b2b/organizations/{organization_id}/members" Project => b2b::members::create;
    GET "/v1/b2b/organizations/{organization_id}/member" Project => b2b::members::read;
    POST "/v1/b2b/magic_links/email/login_or_signup" Project => b2b::magic_links::login_or_signup;
    POST "/v1/b2b/magic_links/authenticate" Project => b2b::magic_links::authenticate;
    GET "/v1/b2b/sessions" Project => b2b::sessions::list;
    POST "/v1/b2b/sessions/authenticate" Project => b2b::sessions::authenticate;
    POST "/v1/b2b/sessions/revoke" Project => b2b::sessions::revoke;
    GET "/v1/b2b/sessions/jwks/{project_id}" Anyone => project::jwks;
    GET "/v1/b2b/rbac/policy" Project => rbac::read;
    GET "/v1/b2b/rbac/organizations/{organization_id}" Project => b2b::org_policy::read;
    PUT "/v1/b2b/rbac/organizations/{organization_id}" Project => b2b::org_policy::replace;
};

impl Route {
    /// The product a route belongs to is in its path.
    pub(crate) fn product(&self) -> Product {
        if self.path.starts_with("/v1/b2b/") {
            Product::B2b
        } else {
            Product::Consumer
        }
    }

    /// Refuses a project of the other product.
    pub(crate) fn admit(&self, calling: Product) -> Result<(), Failure> {
        match self.product() {
            _ if matches!(self.caller, Caller::EitherProject | Caller::Client) => Ok(()),
            own if own == calling => Ok(()),
            Product::B2b => Err(errors::INVALID_B2B_ENDPOINT.failure()),
            Product::Consumer => Err(errors::INVALID_CONSUMER_ENDPOINT.failure()),
        }
    }
}

/// The placeholders of a path, with what stood there.
pub(crate) type PathParams = Vec<(&'static str, String)>;

/// Finds the row for a verb and a path. A path without its verb is another error than no such path.
pub(crate) fn find(method: &str, path: &str) -> Result<(&'static Route, PathParams), Failure> {
    let mut path_is_known = false;
    for route in ROUTES {
        let Some(params) = match_path(route.path, path) else {
            continue;
        };
        if route.method == method {
            return Ok((route, params));
        }
        path_is_known = true;
    }
    let row = if path_is_known {
        &errors::METHOD_NOT_ALLOWED
    } else {
        &errors::ROUTE_NOT_FOUND
    };
    Err(row.failure())
}

/// Compares segment by segment and decodes only afterwards, so that an encoded slash stays inside its segment.
fn match_path(template: &'static str, path: &str) -> Option<PathParams> {
    let mut params = Vec::new();
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let segment = segments.next()?;
        match wanted
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(_) if segment.is_empty() => return None,
            Some(name) => params.push((
                name,
                percent_decode_str(segment).decode_utf8_lossy().into_owned(),
            )),
            None if wanted == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(params)
}
