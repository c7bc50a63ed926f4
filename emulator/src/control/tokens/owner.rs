//! The user or member to which a token belongs: a stored one, or an invented one.

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::product::Product;
use crate::sessions::{Attributes, Proof, Session};
use crate::state::State;

use super::factors::{EMAIL_ADDRESS, Names};
use super::kind::Kind;

pub(super) struct Owner {
    pub(super) proof: Proof,
    /// The id and the slug of a member's organization.
    pub(super) organization: Option<(String, String)>,
    /// The stored session of the token.
    pub(super) session: Option<Session>,
    /// The factors of a session that is not stored, instead of the factor of `proof`.
    pub(super) factors: Option<Vec<Factor>>,
    /// The stored user, or the stored member with its lists in the form of a user; otherwise `null`.
    pub(super) person: Value,
}

impl Owner {
    /// Reads `session_id`, `user_id`, `member_id` and `factors`.
    pub(super) fn read(
        state: &mut State,
        product: Product,
        kind: Kind,
        fields: &Fields,
        now: UnixSeconds,
    ) -> Result<Self, String> {
        let names = Names::read(fields, product)?;
        if names.is_some() && kind != Kind::Session {
            return Err("factors needs the kind session".into());
        }
        let mut owner = Self::select(state, product, kind, fields, now)?;
        if names.is_some() && owner.session.is_some() {
            return Err("factors must not be given with session_id".into());
        }
        let person = &owner.person;
        owner.factors = names.map(|names| names.factors(&mut state.ids, product, person, now));
        Ok(owner)
    }

    /// The email address of the stored person, or the invented address. `None` if the person does not have an address.
    pub(super) fn email_address(&self) -> Option<&str> {
        match &self.person {
            Value::Null => Some(EMAIL_ADDRESS),
            person => person.pointer("/emails/0/email")?.as_str(),
        }
    }

    fn select(
        state: &mut State,
        product: Product,
        kind: Kind,
        fields: &Fields,
        now: UnixSeconds,
    ) -> Result<Self, String> {
        let text = |name: &str| {
            let given = fields.text(name);
            given.map_err(|_| format!("{name} must be a string"))
        };
        let given = (text("session_id")?, text("user_id")?, text("member_id")?);
        if kind == Kind::Machine && given != (None, None, None) {
            return Err(
                "session_id, user_id and member_id must not be given with the kind m2m".into(),
            );
        }
        match (given, product) {
            ((None, None, None), _) => Ok(Self::invented(&mut state.ids, product, now)),
            ((Some(_), None, None), _) if kind != Kind::Session => {
                Err("session_id needs the kind session".into())
            }
            ((Some(id), None, None), _) => Self::of_session(state, product, id, now),
            ((None, Some(id), None), Product::Consumer) => Self::of_user(state, id, now),
            ((None, None, Some(id)), Product::B2b) => Self::of_member(state, id, now),
            ((None, Some(_), None), Product::B2b) => {
                Err("user_id needs the product consumer; the product b2b has member_id".into())
            }
            ((None, None, Some(_)), Product::Consumer) => {
                Err("member_id needs the product b2b; the product consumer has user_id".into())
            }
            _ => Err("only one of session_id, user_id and member_id may be given".into()),
        }
    }

    fn invented(ids: &mut Ids, product: Product, now: UnixSeconds) -> Self {
        let (prefix, role) = match product {
            Product::Consumer => ("user", "stytch_user"),
            Product::B2b => ("member", "stytch_member"),
        };
        let proof = Proof {
            subject: ids.id(prefix),
            roles: vec![role.to_owned()],
            factor: Factor::magic_link(&ids.id("email"), EMAIL_ADDRESS, now),
            attributes: Attributes::default(),
        };
        let organization =
            (product == Product::B2b).then(|| (ids.id("organization"), "somewhere".to_owned()));
        Self {
            organization,
            ..Self::of_proof(proof)
        }
    }

    /// An owner without an organization, who is not stored.
    fn of_proof(proof: Proof) -> Self {
        Self {
            proof,
            organization: None,
            session: None,
            factors: None,
            person: Value::Null,
        }
    }

    fn of_session(
        state: &mut State,
        product: Product,
        id: &str,
        now: UnixSeconds,
    ) -> Result<Self, String> {
        let sessions = &mut state.projects.of_mut(product).sessions;
        let session = sessions
            .by_id(id, now)
            .map_err(|_| "session_id must be the ID of an active session")?
            .clone();
        let owner = match product {
            Product::Consumer => Self::of_user(state, &session.subject, now),
            Product::B2b => Self::of_member(state, &session.subject, now),
        };
        Ok(Self {
            session: Some(session),
            ..owner?
        })
    }

    fn of_user(state: &mut State, id: &str, now: UnixSeconds) -> Result<Self, String> {
        let users = &mut state.projects.consumer.users;
        let user = users
            .find(id)
            .map_err(|_| "user_id must be the ID of a user")?;
        let email = user.emails.first();
        let (email_id, address) = email.map_or(("", ""), |email| (&email.email_id, &email.email));
        let proof = Proof {
            subject: user.user_id.clone(),
            roles: user.roles.clone(),
            factor: Factor::magic_link(email_id, address, now),
            attributes: Attributes::default(),
        };
        Ok(Self {
            person: json!(user),
            ..Self::of_proof(proof)
        })
    }

    fn of_member(state: &mut State, id: &str, now: UnixSeconds) -> Result<Self, String> {
        let b2b = &mut state.projects.b2b;
        let unknown = "member_id must be the ID of a member";
        let member = b2b.members.by_id(id).map_err(|_| unknown)?;
        let organization = b2b.organizations.find(&member.organization_id);
        let organization = organization.map_err(|_| unknown)?;
        let proof = Proof {
            subject: member.member_id.clone(),
            roles: member.role_ids(),
            factor: Factor::magic_link(&member.email_id, &member.email_address, now),
            attributes: Attributes::default(),
        };
        let claim = (
            organization.organization_id.clone(),
            organization.organization_slug.clone(),
        );
        let person = json!({
            "external_id": member.external_id,
            "emails": [{ "email_id": member.email_id, "email": member.email_address }],
            "phone_numbers": [{ "phone_id": member.phone_id(), "phone_number": member.mfa_phone_number }],
            "totps": [{ "totp_id": member.totp_registration_id }],
            "providers": member.oauth_registrations,
            "sso_registrations": member.sso_registrations,
        });
        Ok(Self {
            organization: Some(claim),
            person,
            ..Self::of_proof(proof)
        })
    }
}
