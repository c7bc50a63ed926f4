//! `POST /_emulator/unlock`: ends the lock of a user or member, and forgets failed authentications.

use serde_json::{Value, json};

use super::arguments::{Refusal, read_product, refuse_unknown};
use crate::fields::Fields;
use crate::product::Product;
use crate::state::Projects;

pub(super) fn unlock(projects: &mut Projects, fields: &Fields) -> Result<Value, Refusal> {
    refuse_unknown(fields, &["product", "user_id", "member_id"])?;
    let product = read_product(fields)?;
    let id = |name: &str| {
        let id = fields.text(name);
        id.map_err(|_| format!("{name} must be a string"))
    };
    let subject = match product {
        Product::Consumer => {
            let users = &mut projects.consumer.users;
            let user = users.find(id("user_id")?.unwrap_or_default());
            let mut user = user
                .map_err(|_| "user_id must be the id of a user")?
                .clone();
            user.set_lock(None);
            let id = user.user_id.clone();
            users.put(user);
            id
        }
        Product::B2b => {
            let members = &mut projects.b2b.members;
            let member = members.by_id(id("member_id")?.unwrap_or_default());
            let member = member.map_err(|_| "member_id must be the id of a member")?;
            let mut member = member.clone();
            member.set_lock(None);
            let id = member.member_id.clone();
            members.put(member);
            id
        }
    };
    projects.of_mut(product).locks.forget(&subject);
    Ok(json!({}))
}
