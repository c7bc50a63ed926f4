//! The authentication factors of a minted session, by their names in the field `factors`.
//!
//! | name | product |
//! |---|---|
//! | `magic_link`, `email_otp`, `sms_otp`, `password`, `totp`, `recovery_code` | both |
//! | `impersonation`, `imported`, `trusted_auth_token`, `access_token_exchange` | both |
//! | `oauth_<provider>`, for example `oauth_google` | both; a member has fewer providers |
//! | `embeddable_magic_link`, `whatsapp_otp`, `webauthn`, `biometric`, `crypto_wallet` | consumer |
//! | `sso_saml`, `sso_oidc` | b2b |
//!
//! The details of a factor are those of the stored user or member. Details that do not exist are invented.

use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::oauth::account::Identity;
use crate::oauth::providers::Provider;
use crate::product::Product;

/// The names of the factors of a session, in the order of the call.
pub(super) struct Names(Vec<Name>);

#[derive(Clone, Copy)]
enum Name {
    Row(&'static Row),
    Oauth(&'static Provider),
}

struct Row {
    name: &'static str,
    /// The product, if only one has the factor.
    product: Option<Product>,
    factor: fn(&mut Details) -> Factor,
}

/// The values that factors name.
struct Details<'a> {
    ids: &'a mut Ids,
    product: Product,
    /// The user, or the member with its lists in the form of a user. `null` if neither is stored.
    person: &'a Value,
    now: UnixSeconds,
}

impl Names {
    /// Reads `factors`. A refusal lists all names of the product.
    pub(super) fn read(fields: &Fields, product: Product) -> Result<Option<Self>, String> {
        let Some(given) = fields.value("factors") else {
            return Ok(None);
        };
        let given = given.as_array().filter(|list| !list.is_empty());
        let given = given.ok_or("factors must be a list with at least one name")?;
        let mut names: Vec<Name> = Vec::new();
        for value in given {
            let text = value.as_str().unwrap_or_default();
            let name = Name::find(text, product).ok_or_else(|| {
                let known: Vec<&str> = rows(product).map(|row| row.name).collect();
                let known = known.join(", ");
                format!("factors may contain {known}, and oauth_ with the name of a provider")
            })?;
            if names.iter().any(|known| known.text() == text) {
                return Err(format!("factors must not contain {text} twice"));
            }
            names.push(name);
        }
        Ok(Some(Self(names)))
    }

    /// Returns the factors. `person` is described in [`Details`].
    pub(super) fn factors(
        &self,
        ids: &mut Ids,
        product: Product,
        person: &Value,
        now: UnixSeconds,
    ) -> Vec<Factor> {
        let mut details = Details {
            ids,
            product,
            person,
            now,
        };
        let names = self.0.iter();
        names.map(|name| name.factor(&mut details)).collect()
    }
}

impl Name {
    fn find(text: &str, product: Product) -> Option<Self> {
        if let Some(provider) = text.strip_prefix("oauth_") {
            return Provider::find(provider, product).ok().map(Self::Oauth);
        }
        rows(product).find(|row| row.name == text).map(Self::Row)
    }

    fn text(self) -> String {
        match self {
            Self::Row(row) => row.name.to_owned(),
            Self::Oauth(provider) => provider.delivery_method(),
        }
    }

    fn factor(self, details: &mut Details) -> Factor {
        match self {
            Self::Row(row) => (row.factor)(details),
            Self::Oauth(provider) => details.oauth(provider),
        }
    }
}

fn rows(product: Product) -> impl Iterator<Item = &'static Row> {
    let fits = move |row: &&Row| row.product.is_none_or(|only| only == product);
    ROWS.iter().filter(fits)
}

impl Details<'_> {
    /// Returns a text of the person, or else an id with this prefix.
    fn id(&mut self, pointer: &str, prefix: &str) -> String {
        let found = self.text(pointer);
        found.unwrap_or_else(|| self.ids.id(prefix))
    }

    fn text(&self, pointer: &str) -> Option<String> {
        let found = self.person.pointer(pointer)?.as_str();
        found.filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn email(&mut self) -> (String, String) {
        let address = self.text("/emails/0/email");
        let id = self.id("/emails/0/email_id", "email");
        (id, address.unwrap_or_else(|| EMAIL_ADDRESS.to_owned()))
    }

    fn phone(&mut self) -> (String, String) {
        let number = self.text("/phone_numbers/0/phone_number");
        let id = self.id("/phone_numbers/0/phone_id", "phone-number");
        (id, number.unwrap_or_else(|| PHONE_NUMBER.to_owned()))
    }

    fn phone_otp(&mut self, delivery_method: &str) -> Factor {
        let (id, number) = self.phone();
        Factor::phone_otp(delivery_method, (&id, &number), self.now)
    }

    fn oauth(&mut self, provider: &'static Provider) -> Factor {
        let (email_id, email_address) = self.email();
        let accounts = self.person.get("providers").and_then(Value::as_array);
        let mut accounts = accounts.into_iter().flatten();
        let account = accounts.find(|account| account["provider_type"] == provider.r#type);
        let of_account = |name| account?.get(name)?.as_str().map(str::to_owned);
        let subject = of_account("provider_subject")
            .unwrap_or_else(|| Identity::default_subject(provider.name, &email_address));
        let id_name = match self.product {
            Product::Consumer => "oauth_user_registration_id",
            Product::B2b => "member_oauth_registration_id",
        };
        let id = of_account(id_name).unwrap_or_else(|| self.ids.id("oauth-user"));
        let details = json!({ "id": id, "provider_subject": subject, "email_id": email_id });
        let details = json!({ provider.factor_name(): details });
        Factor::new("oauth", &provider.delivery_method(), details, self.now)
    }

    /// Returns the factor of a connection whose id starts with `<protocol>-connection-`.
    fn sso(&mut self, protocol: &str) -> Factor {
        let registrations = self.person.get("sso_registrations");
        let registrations = registrations.and_then(Value::as_array);
        let start = format!("{protocol}-connection-");
        let is_of_protocol = |one: &&Value| {
            let id = one.get("connection_id").and_then(Value::as_str);
            id.is_some_and(|id| id.starts_with(&start))
        };
        let found = registrations.and_then(|list| list.iter().find(is_of_protocol));
        let of = |name| found?.get(name)?.as_str().map(str::to_owned);
        let (id, external_id) = (of("registration_id"), of("external_id"));
        let connection_id = of("connection_id");
        let prefix = format!("{protocol}-connection");
        let registration_prefix = format!("{protocol}-member-registration");
        let details = json!({
            "id": id.unwrap_or_else(|| self.ids.id(&registration_prefix)),
            "provider_id": connection_id.unwrap_or_else(|| self.ids.id(&prefix)),
            "external_id": external_id.unwrap_or_else(|| EMAIL_ADDRESS.to_owned()),
        });
        let details = json!({ format!("{protocol}_sso_factor"): details });
        Factor::new("sso", &format!("sso_{protocol}"), details, self.now)
    }
}

const CONSUMER: Option<Product> = Some(Product::Consumer);
const B2B: Option<Product> = Some(Product::B2b);

static ROWS: [Row; 17] = [
    row("magic_link", None, |details| {
        let (id, address) = details.email();
        Factor::magic_link(&id, &address, details.now)
    }),
    row("email_otp", None, |details| {
        let (id, address) = details.email();
        match details.product {
            Product::Consumer => Factor::email_otp(&id, &address, details.now),
            Product::B2b => {
                let email = crate::factors::email(&id, &address);
                Factor::new("email_otp", "email", email, details.now)
            }
        }
    }),
    row("sms_otp", None, |details| details.phone_otp("sms")),
    row("password", None, |details| Factor::password(details.now)),
    row("totp", None, |details| {
        Factor::totp(&details.id("/totps/0/totp_id", "totp"), details.now)
    }),
    row("recovery_code", None, |details| {
        Factor::recovery_code(&details.ids.id("totp-recovery-code"), details.now)
    }),
    row("impersonation", None, |details| {
        let id = details.ids.id("impersonator");
        Factor::impersonated(&id, "operator@example.com", details.now)
    }),
    row("imported", None, |details| Factor::imported(details.now)),
    row("trusted_auth_token", None, |details| {
        Factor::trusted_auth_token(&details.ids.uuid(), details.now)
    }),
    row("access_token_exchange", None, |details| {
        Factor::access_token_exchange(&details.ids.id("connected-app"), details.now)
    }),
    row("embeddable_magic_link", CONSUMER, |details| {
        Factor::embeddable_magic_link(&details.ids.id("embeddable-magic-link"), details.now)
    }),
    row("whatsapp_otp", CONSUMER, |details| {
        details.phone_otp("whatsapp")
    }),
    row("webauthn", CONSUMER, |details| {
        let start = "/webauthn_registrations/0";
        let text = |name: &str| details.text(&format!("{start}/{name}"));
        let (domain, user_agent) = (text("domain"), text("user_agent"));
        let id = details.id(
            &format!("{start}/webauthn_registration_id"),
            "webauthn-registration",
        );
        let passkey = json!({
            "webauthn_registration_id": id,
            "domain": domain.unwrap_or_else(|| "example.com".to_owned()),
            "user_agent": user_agent.unwrap_or_default(),
        });
        let details_of = json!({ "webauthn_factor": passkey });
        Factor::new("webauthn", "webauthn_registration", details_of, details.now)
    }),
    row("biometric", CONSUMER, |details| {
        let pointer = "/biometric_registrations/0/biometric_registration_id";
        let id = details.id(pointer, "biometric-registration");
        let biometric = json!({ "biometric_factor": { "biometric_registration_id": id } });
        Factor::new("signature_challenge", "biometric", biometric, details.now)
    }),
    row("crypto_wallet", CONSUMER, |details| {
        let start = "/crypto_wallets/0/crypto_wallet";
        let text = |name: &str| details.text(&format!("{start}_{name}"));
        let (address, chain) = (text("address"), text("type"));
        let id = details.id(&format!("{start}_id"), "crypto-wallet");
        let address = address.unwrap_or_else(|| WALLET_ADDRESS.to_owned());
        let chain = chain.unwrap_or_else(|| "ethereum".to_owned());
        Factor::crypto_wallet((&id, &address, &chain), details.now)
    }),
    row("sso_saml", B2B, |details| details.sso("saml")),
    row("sso_oidc", B2B, |details| details.sso("oidc")),
];

const fn row(
    name: &'static str,
    product: Option<Product>,
    factor: fn(&mut Details) -> Factor,
) -> Row {
    Row {
        name,
        product,
        factor,
    }
}

pub(super) const EMAIL_ADDRESS: &str = "user@example.com";
const PHONE_NUMBER: &str = "+15005550006";
const WALLET_ADDRESS: &str = "0x6df2dB4Fb3DA35d241901Bd53367770BF03123f1";
