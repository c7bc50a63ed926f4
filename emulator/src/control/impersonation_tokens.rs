//! `POST /_emulator/impersonation_tokens`: creates an impersonation token, as an operator does in the dashboard.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product};
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::impersonation::{ImpersonationToken, TOKEN_MINUTES};
use crate::product::Product;
use crate::state::State;

pub(super) fn create(
    state: &mut State,
    fields: &Fields,
    now: UnixSeconds,
) -> Result<Value, Refusal> {
    let product = read_product(fields)?;
    let text = |name: &str| {
        let text = fields.text(name);
        text.map_err(|_| format!("{name} must be a string"))
    };
    let projects = &state.projects;
    let subject = match product {
        Product::Consumer => {
            let user = projects
                .consumer
                .users
                .find(text("user_id")?.unwrap_or_default());
            let user = user.map_err(|_| "user_id must be the id of a user")?;
            user.user_id.clone()
        }
        Product::B2b => {
            let member = projects
                .b2b
                .members
                .by_id(text("member_id")?.unwrap_or_default());
            let member = member.map_err(|_| "member_id must be the id of a member")?;
            member.member_id.clone()
        }
    };
    let email_address = text("impersonator_email_address")?;
    let impersonator_id = text("impersonator_id")?.map(str::to_owned);
    let token = ImpersonationToken {
        token: state.ids.opaque_token(),
        subject,
        impersonator_id: impersonator_id.unwrap_or_else(|| state.ids.id("impersonator")),
        impersonator_email_address: email_address.unwrap_or(OPERATOR).to_owned(),
        expires_at: now.plus_minutes(TOKEN_MINUTES),
        used: false,
    };
    let answer = json!({ "impersonation_token": token.token, "expires_at": token.expires_at });
    let project = state.projects.of_mut(product);
    project.impersonation_tokens.put(token);
    Ok(answer)
}

const OPERATOR: &str = "operator@example.com";
