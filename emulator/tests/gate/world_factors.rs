//! The factors of the user and the member of the world that need a device or another server. A snapshot adds them.

use serde_json::{Value, json};

use super::world::{NOW, World};

impl World {
    /// Adds the factors of the user that need a device or another server.
    pub(super) fn add_factors(&mut self) {
        let mut snapshot: Value = serde_json::from_str(&self.emulator.snapshot()).unwrap();
        let user = &mut snapshot["state"]["projects"]["consumer"]["users"][0];
        for (list, factor) in factors() {
            user[list] = json!([factor]);
        }
        self.emulator.restore(&snapshot.to_string()).unwrap();
        for (name, id) in FACTOR_IDS {
            self.consumer.insert(name, json!(id));
        }
    }

    /// Gives the member an authenticator app and tokens of OAuth providers.
    pub(super) fn add_member_factors(&mut self, member_id: &Value) {
        let mut snapshot: Value = serde_json::from_str(&self.emulator.snapshot()).unwrap();
        let b2b = &mut snapshot["state"]["projects"]["b2b"];
        let members = b2b["members"].as_array_mut().unwrap();
        let mut members = members.iter_mut();
        let member = members.find(|row| row["member"]["member_id"] == *member_id);
        let member = &mut member.unwrap()["member"];
        member["totp_registration_id"] = json!(TOTP_ID);
        let tokens = |provider: &str, more: Value| {
            let mut tokens = json!({
                "provider_subject": "subject-1",
                "access_token": "access-1",
                "scopes": ["email"],
            });
            let more = more.as_object().unwrap().clone();
            tokens.as_object_mut().unwrap().extend(more);
            json!({
                "registration_id": format!("oauth-user-test-{provider}"),
                "member_id": member_id,
                "provider": provider,
                "access_token_expires_at": NOW.plus_minutes(60).rfc3339(),
                "tokens": tokens,
            })
        };
        let by_google = json!({ "id_token": "id-1", "refresh_token": "refresh-1" });
        let mut slack = tokens(
            "slack",
            json!({ "provider_tenant_id": "T1", "bot_access_token": "", "bot_scopes": [] }),
        );
        let mut github = tokens("github", json!({ "provider_tenant_ids": ["1"] }));
        slack["access_token_expires_at"].take();
        github["access_token_expires_at"].take();
        b2b["provider_tokens"] = json!([
            tokens("google", by_google.clone()),
            tokens("microsoft", by_google.clone()),
            tokens(
                "hubspot",
                json!({ "provider_tenant_id": "1", "refresh_token": "r" })
            ),
            tokens(
                "oidc",
                json!({ "id_token": "id-1", "connection_id": "oidc-connection-test-1" })
            ),
            slack,
            github,
        ]);
        self.emulator.restore(&snapshot.to_string()).unwrap();
    }
}

fn factors() -> [(&'static str, Value); 5] {
    let [passkey, biometric, totp, wallet, oauth] = FACTOR_IDS.map(|(_, id)| id);
    [
        (
            "webauthn_registrations",
            json!({ "webauthn_registration_id": passkey, "domain": "example.com", "user_agent": "", "verified": true, "authenticator_type": "", "name": "" }),
        ),
        (
            "biometric_registrations",
            json!({ "biometric_registration_id": biometric, "verified": true }),
        ),
        ("totps", json!({ "totp_id": totp, "verified": true })),
        (
            "crypto_wallets",
            json!({ "crypto_wallet_id": wallet, "crypto_wallet_address": "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1", "crypto_wallet_type": "ethereum", "verified": true }),
        ),
        (
            "providers",
            json!({ "provider_type": "Google", "provider_subject": "1", "profile_picture_url": "", "locale": "", "oauth_user_registration_id": oauth }),
        ),
    ]
}

const FACTOR_IDS: [(&str, &str); 5] = [
    (
        "webauthn_registration_id",
        "webauthn-registration-test-50000000-0000-4000-8000-000000000001",
    ),
    (
        "biometric_registration_id",
        "biometric-registration-test-50000000-0000-4000-8000-000000000002",
    ),
    ("totp_id", "totp-test-50000000-0000-4000-8000-000000000003"),
    (
        "crypto_wallet_id",
        "crypto-wallet-test-50000000-0000-4000-8000-000000000004",
    ),
    (
        "oauth_user_registration_id",
        "oauth-user-test-50000000-0000-4000-8000-000000000006",
    ),
];

pub(super) const TOTP_ID: &str = "totp-test-11111111-1111-4111-8111-111111111111";
