//! What both products have: keys, sessions, links, a policy and machines, and the two routes that speak of the project itself.

use serde_json::json;

use crate::Emulator;
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::credentials::Credentials;
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::keys::SigningKeys;
use crate::links::Links;
use crate::m2m::client::Clients;
use crate::rbac::policy::Policy;
use crate::routes::Product;
use crate::session_asked::{Presented, SessionAsked};
use crate::sessions::{Proof, Session, Sessions};
use crate::{session_jwt, shapes};

/// The part of a project's state that does not depend on its product.
#[derive(Clone)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) keys: SigningKeys,
    pub(crate) sessions: Sessions,
    pub(crate) links: Links,
    pub(crate) policy: Policy,
    pub(crate) m2m_clients: Clients,
}

impl Project {
    pub(crate) fn new(
        product: Product,
        credentials: &Credentials,
        ids: &mut Ids,
    ) -> Result<Self, Failure> {
        Ok(Self {
            id: credentials.project_id.clone(),
            keys: SigningKeys::generate(ids)?,
            sessions: Sessions::default(),
            links: Links::default(),
            policy: Policy::built_in(product),
            m2m_clients: Clients::default(),
        })
    }

    /// The live session that a caller presents. A JWT may be past its `exp`; its session may not.
    pub(crate) fn session(
        &mut self,
        presented: &Presented,
        now: UnixSeconds,
    ) -> Result<&mut Session, Failure> {
        match presented {
            Presented::Token(token) => self.sessions.by_token(token, now),
            Presented::Jwt(jwt) => {
                let id = session_jwt::session_id(&self.keys, &self.id, jwt);
                self.sessions
                    .by_id(&id.ok_or(&errors::UNABLE_TO_PARSE_SESSION_JWT)?, now)
            }
        }
    }

    /// Turns a proof into a session: the one presented, if it is the same person's, else a new one that lives for the
    /// minutes asked for or `default_minutes`. With neither there is none.
    pub(crate) fn log_in(
        &mut self,
        ids: &mut Ids,
        proof: Proof,
        asked: &SessionAsked,
        default_minutes: Option<i64>,
        now: UnixSeconds,
    ) -> Result<Option<Session>, Failure> {
        if let Some(presented) = &asked.presented {
            let session = self.session(presented, now)?;
            if session.subject == proof.subject {
                session.touch(&asked.terms, now)?;
                session.strengthen(proof, now);
                return Ok(Some(session.clone()));
            }
        }
        let Some(minutes) = asked.terms.duration_minutes.or(default_minutes) else {
            return Ok(None);
        };
        let id = self.sessions.begin(ids, proof, minutes, now).id;
        let session = self.sessions.by_id(&id, now)?;
        session.touch(&asked.terms, now)?;
        Ok(Some(session.clone()))
    }
}

/// `GET /v1/sessions/jwks/{project_id}` and its B2B twin. Works without credentials, as local checks fetch it bare.
pub(crate) fn jwks(emulator: &mut Emulator, call: &Call) -> Result<Reply, Failure> {
    let asked = call.path_param("project_id");
    if !shapes::is_id("project", asked) {
        return Err(errors::INVALID_PROJECT_ID.failure());
    }
    let project = emulator.project(call.product);
    if project.id == asked {
        return Ok(Reply::ok(json!({ "keys": project.keys.jwk_set() })));
    }
    let row = match call.product {
        Product::Consumer if emulator.b2b.project.id == asked => &errors::INVALID_CONSUMER_ENDPOINT,
        Product::B2b if emulator.consumer.project.id == asked => &errors::INVALID_B2B_ENDPOINT,
        _ => &errors::PROJECT_NOT_FOUND,
    };
    Err(row.failure())
}

/// `GET /v1/debug/whoami`.
pub(crate) fn whoami(emulator: &mut Emulator, call: &Call) -> Result<Reply, Failure> {
    let name = format!("Emulated {} project", call.product.name());
    Ok(Reply::ok(
        json!({ "project_id": emulator.project(call.product).id, "name": name }),
    ))
}
