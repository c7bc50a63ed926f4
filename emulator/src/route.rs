//! The type of a route, and the lookup of a route by path and method.
//!
//! Knows the state and the call, but not the operations: the route table is in `routes.rs`.

use percent_encoding::percent_decode_str;

use crate::call::{Call, PathParams, Reply};
use crate::errors::{self, Failure};
use crate::generated::routes::DESCRIBED;
use crate::product::Product;
use crate::state::State;

/// One row of the route table.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) caller: Caller,
    pub(crate) operation: Operation,
}

/// The caller that a route accepts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Any caller, without credentials.
    Public,
    /// A browser, with the public token of its project as a parameter of the query.
    Browser,
    /// A project of the product that the path belongs to.
    Project,
    /// A project of either product.
    EitherProject,
    /// A browser that logs in to the B2B project. It sends the public token of the project in the query.
    PublicToken,
    /// A directory. It authenticates with the bearer token of its SCIM connection, and receives errors in the form of SCIM.
    Directory,
    /// An OAuth 2.0 client of the project in the path. It authenticates with its own credentials, not the project's.
    Client,
}

/// Answers a call. A table row passes only the parts of the state that its function needs.
pub(crate) type Operation = fn(&mut State, &Call) -> Result<Reply, Failure>;

impl Route {
    /// Returns the product of the route, which its path determines.
    pub(crate) fn product(&self) -> Product {
        if self.path.starts_with("/v1/b2b/") {
            Product::B2b
        } else {
            Product::Consumer
        }
    }

    /// Whether the body can be a form.
    pub(crate) fn accepts_forms(&self) -> bool {
        matches!(self.caller, Caller::Client | Caller::Public)
    }

    /// Returns an error if the calling project belongs to the other product.
    pub(crate) fn admit(&self, calling: Product) -> Result<(), Failure> {
        match self.product() {
            _ if matches!(self.caller, Caller::EitherProject | Caller::Client) => Ok(()),
            own if own == calling => Ok(()),
            Product::B2b => Err(errors::INVALID_B2B_ENDPOINT.failure()),
            Product::Consumer => Err(errors::INVALID_CONSUMER_ENDPOINT.failure()),
        }
    }
}

/// Finds the row of a route that only browsers call.
pub(crate) fn find_for_browsers(
    routes: &'static [Route],
    method: &str,
    path: &str,
) -> Option<(&'static Route, PathParams)> {
    let rows = routes.iter().filter(|row| row.method == method);
    let mut found = rows.filter_map(|row| Some((row, match_path(row.path, path)?)));
    found.next()
}

/// Finds the row for a method and a path.
///
/// A route of the API that the table does not have, a known path with an unknown method and an unknown path have
/// different errors. If several routes match, the route with a literal segment is used, because [`DESCRIBED`] is in
/// this order.
pub(crate) fn find(
    routes: &'static [Route],
    method: &str,
    path: &str,
) -> Result<(&'static Route, PathParams), Failure> {
    let described = DESCRIBED.iter().map(|(method, path, _)| (*method, *path));
    // The table may have routes that the description of the API does not have.
    let own = routes.iter().map(|route| (route.method, route.path));
    let mut path_is_known = false;
    for (known_method, template) in described.chain(own) {
        let Some(params) = match_path(template, path) else {
            continue;
        };
        if known_method == method {
            let mut rows = routes.iter();
            let row = rows.find(|row| (row.method, row.path) == (method, template));
            return match row {
                Some(route) => Ok((route, params)),
                None => Err(not_implemented(method, template)),
            };
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

/// Finds the row of a table whose routes the API's description does not have. Returns `None` if no path of the table
/// matches.
pub(crate) fn find_outside(
    routes: &'static [Route],
    method: &str,
    path: &str,
) -> Option<Result<(&'static Route, PathParams), Failure>> {
    let mut found = None;
    for route in routes {
        let Some(params) = match_path(route.path, path) else {
            continue;
        };
        if route.method == method {
            return Some(Ok((route, params)));
        }
        found = Some(Err(errors::METHOD_NOT_ALLOWED.failure()));
    }
    found
}

pub(crate) fn not_implemented(method: &str, path: &str) -> Failure {
    errors::NOT_IMPLEMENTED.with_message(format!(
        "The emulator does not have the route {method} {path}. The error_url lists its routes."
    ))
}

/// Returns the values of the placeholders if the path matches the template. Compares segment by segment and decodes only afterwards, so that an encoded slash stays inside its segment.
pub(crate) fn match_path(template: &'static str, path: &str) -> Option<PathParams> {
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
