//! The OAuth providers, one row each. Which of them a real project can use depends on its settings; the emulator has all.

use crate::errors::{self, Failure};
use crate::product::Product;

pub(crate) struct Provider {
    /// The name in paths and delivery methods.
    pub(crate) name: &'static str,
    /// The `provider_type` of responses.
    pub(crate) r#type: &'static str,
    /// The start of the name of the factor's details: `<key>_oauth_factor`.
    key: &'static str,
    /// The scopes that are requested without `custom_scopes`.
    pub(crate) scopes: &'static [&'static str],
    /// Whether the provider issues ID tokens (OpenID Connect).
    pub(crate) has_id_token: bool,
    /// Whether access tokens expire, so that there are refresh tokens.
    pub(crate) expires: bool,
    /// Whether members can log in with the provider.
    is_for_members: bool,
    /// Whether users have workspaces at the provider: Slack workspaces, HubSpot hubs or GitHub organizations.
    pub(crate) has_tenants: bool,
}

impl Provider {
    /// Finds the provider of a path or of the field `provider`.
    pub(crate) fn find(name: &str, product: Product) -> Result<&'static Self, Failure> {
        let found = PROVIDERS.iter().find(|row| row.name == name);
        let found = found.filter(|row| product == Product::Consumer || row.is_for_members);
        found.ok_or_else(|| errors::INVALID_OAUTH_PROVIDER.failure())
    }

    /// Finds the provider of a `provider_type`.
    pub(crate) fn of_type(name: &str, product: Product) -> Option<&'static Self> {
        let row = PROVIDERS.iter().find(|row| row.r#type == name)?;
        Self::find(row.name, product).ok()
    }

    pub(crate) fn delivery_method(&self) -> String {
        format!("oauth_{}", self.name)
    }

    /// Returns the name of the factor's details.
    pub(crate) fn factor_name(&self) -> String {
        format!("{}_oauth_factor", self.key)
    }

    /// Returns the name in `allowed_auth_methods`.
    pub(crate) fn auth_method(&self) -> String {
        format!("{}_oauth", self.name)
    }
}

const OPENID: &[&str] = &["openid", "email", "profile"];

const fn row(
    name: &'static str,
    r#type: &'static str,
    scopes: &'static [&'static str],
) -> Provider {
    Provider {
        name,
        r#type,
        key: name,
        scopes,
        has_id_token: false,
        expires: true,
        is_for_members: false,
        has_tenants: false,
    }
}

const fn openid(name: &'static str, r#type: &'static str) -> Provider {
    Provider {
        has_id_token: true,
        ..row(name, r#type, OPENID)
    }
}

/// Assumption: the default scopes of the providers without OpenID Connect.
static PROVIDERS: [Provider; 23] = [
    Provider {
        is_for_members: true,
        ..openid("google", "Google")
    },
    Provider {
        is_for_members: true,
        ..openid("microsoft", "Microsoft")
    },
    Provider {
        is_for_members: true,
        has_tenants: true,
        expires: false,
        ..row("slack", "Slack", OPENID)
    },
    Provider {
        is_for_members: true,
        has_tenants: true,
        expires: false,
        ..row("github", "GitHub", &["read:user", "user:email"])
    },
    Provider {
        is_for_members: true,
        has_tenants: true,
        ..row("hubspot", "HubSpot", &["oauth"])
    },
    openid("apple", "Apple"),
    row("amazon", "Amazon", &["profile"]),
    row("bitbucket", "Bitbucket", &["account", "email"]),
    row(
        "coinbase",
        "Coinbase",
        &["wallet:user:read", "wallet:user:email"],
    ),
    row("discord", "Discord", &["identify", "email"]),
    row("facebook", "Facebook", &["public_profile", "email"]),
    row("figma", "Figma", &["current_user:read"]),
    Provider {
        key: "git_lab",
        ..openid("gitlab", "GitLab")
    },
    row("instagram", "Instagram", &["user_profile"]),
    Provider {
        key: "linked_in",
        ..openid("linkedin", "LinkedIn")
    },
    openid("salesforce", "Salesforce"),
    row("shopify", "Shopify", &["read_customers"]),
    row("snapchat", "Snapchat", &["user.display_name"]),
    row("spotify", "Spotify", &["user-read-email"]),
    Provider {
        key: "tik_tok",
        ..row("tiktok", "TikTok", &["user.info.basic"])
    },
    row("twitch", "Twitch", &["user:read:email"]),
    row("twitter", "Twitter", &["users.read", "tweet.read"]),
    openid("yahoo", "Yahoo"),
];
