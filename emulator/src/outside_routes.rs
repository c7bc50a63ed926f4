//! Routes that the description of the API does not have, because the SDKs do not call them: directories and browsers do.

use crate::b2b;
use crate::route::{Caller, Route};
use crate::routes::{part, routes};

pub(crate) static OUTSIDE_ROUTES: &[Route] = routes! {
    GET "/v1/public/sso/start" PublicToken [b2b, ids] => b2b::sso::start::start;
    GET "/v1/b2b/sso/callback/{connection_id}" Public [b2b, ids] => b2b::sso::callback::oidc;
    POST "/v1/b2b/sso/callback/{connection_id}" Public [b2b, ids] => b2b::sso::callback::saml;
    GET "/v1/b2b/scim/{connection_id}/ServiceProviderConfig" Directory [b2b] => b2b::scim::protocol::configuration;
    GET "/v1/b2b/scim/{connection_id}/ResourceTypes" Directory [b2b] => b2b::scim::protocol::resource_types;
    POST "/v1/b2b/scim/{connection_id}/Users" Directory [b2b, ids] => b2b::scim::protocol::create;
    GET "/v1/b2b/scim/{connection_id}/Users" Directory [b2b] => b2b::scim::protocol::list;
    GET "/v1/b2b/scim/{connection_id}/Users/{id}" Directory [b2b] => b2b::scim::protocol::read;
    PUT "/v1/b2b/scim/{connection_id}/Users/{id}" Directory [b2b, ids] => b2b::scim::protocol::replace;
    PATCH "/v1/b2b/scim/{connection_id}/Users/{id}" Directory [b2b, ids] => b2b::scim::protocol::change;
    DELETE "/v1/b2b/scim/{connection_id}/Users/{id}" Directory [b2b] => b2b::scim::protocol::delete;
    POST "/v1/b2b/scim/{connection_id}/Groups" Directory [b2b, ids] => b2b::scim::protocol::create;
    GET "/v1/b2b/scim/{connection_id}/Groups" Directory [b2b] => b2b::scim::protocol::list;
    GET "/v1/b2b/scim/{connection_id}/Groups/{id}" Directory [b2b] => b2b::scim::protocol::read;
    PUT "/v1/b2b/scim/{connection_id}/Groups/{id}" Directory [b2b, ids] => b2b::scim::protocol::replace;
    PATCH "/v1/b2b/scim/{connection_id}/Groups/{id}" Directory [b2b, ids] => b2b::scim::protocol::change;
    DELETE "/v1/b2b/scim/{connection_id}/Groups/{id}" Directory [b2b] => b2b::scim::protocol::delete;
};
