//! `POST /v1/users/search`: one table row per filter. Pages and operators are in `src/search.rs`.
//!
//! Users are returned in the order of creation.

use serde_json::{Value, json};

use super::Consumer;
use super::user::{Status, User};
use crate::call::{Call, Reply};
use crate::clock::UnixSeconds;
use crate::errors::{self, ErrorRow, Failure};
use crate::search::{self, Family, Filter, Search};
use crate::shapes;

type Test = search::Test<User>;

static USERS: Family<User> = Family {
    name: "users",
    filters: &FILTERS,
    missing_name: &errors::SEARCH_MISSING_FILTER_NAME,
    missing_value: &errors::SEARCH_MISSING_FILTER_VALUE,
    name_must_be_string: &errors::SEARCH_FILTER_NAME_MUST_BE_STRING,
    name_not_recognized: &errors::SEARCH_FILTER_NAME_NOT_RECOGNIZED,
};

static FILTERS: [Filter<User>; 26] = [
    ("created_at_greater_than", |value| {
        since(value, |created, limit| created > limit)
    }),
    ("created_at_less_than", |value| {
        since(value, |created, limit| created < limit)
    }),
    ("created_at_between", between),
    ("status", status),
    ("user_id", user_id),
    ("full_name_fuzzy", |value| {
        fuzzy(value, &errors::SEARCH_NAME_TOO_SHORT, name_has_prefix)
    }),
    ("phone_number", |value| {
        any_of(value, |user| {
            user.phone_numbers
                .iter()
                .map(|phone| &phone.phone_number)
                .collect()
        })
    }),
    ("phone_id", |value| {
        any_of(value, |user| {
            user.phone_numbers
                .iter()
                .map(|phone| &phone.phone_id)
                .collect()
        })
    }),
    ("phone_verified", |value| {
        flag(value, |user, wanted| {
            user.phone_numbers
                .iter()
                .any(|phone| phone.verified == wanted)
        })
    }),
    ("phone_number_fuzzy", |value| {
        fuzzy(value, &errors::SEARCH_PHONE_TOO_SHORT, phone_contains)
    }),
    ("email_address", |value| {
        any_of(value, |user| {
            user.emails.iter().map(|email| &email.email).collect()
        })
    }),
    ("email_id", |value| {
        any_of(value, |user| {
            user.emails.iter().map(|email| &email.email_id).collect()
        })
    }),
    ("email_verified", |value| {
        flag(value, |user, wanted| {
            user.emails.iter().any(|email| email.verified == wanted)
        })
    }),
    ("email_address_fuzzy", |value| {
        fuzzy(value, &errors::SEARCH_EMAIL_TOO_SHORT, email_has_prefix)
    }),
    ("oauth_provider", oauth_provider),
    ("webauthn_registration_id", |value| {
        any_of(value, |user| {
            let registrations = user.webauthn_registrations.iter();
            registrations
                .map(|known| &known.webauthn_registration_id)
                .collect()
        })
    }),
    ("webauthn_registration_verified", |value| {
        flag(value, |user, wanted| {
            let mut registrations = user.webauthn_registrations.iter();
            registrations.any(|known| known.verified == wanted)
        })
    }),
    ("biometric_registration_id", |value| {
        any_of(value, |user| {
            let registrations = user.biometric_registrations.iter();
            registrations
                .map(|known| &known.biometric_registration_id)
                .collect()
        })
    }),
    ("biometric_verified", |value| {
        flag(value, |user, wanted| {
            let mut registrations = user.biometric_registrations.iter();
            registrations.any(|known| known.verified == wanted)
        })
    }),
    ("crypto_wallet_id", |value| {
        any_of(value, |user| {
            let wallets = user.crypto_wallets.iter();
            wallets.map(|wallet| &wallet.crypto_wallet_id).collect()
        })
    }),
    ("crypto_wallet_address", |value| {
        any_of(value, |user| {
            let wallets = user.crypto_wallets.iter();
            wallets
                .map(|wallet| &wallet.crypto_wallet_address)
                .collect()
        })
    }),
    ("crypto_wallet_verified", |value| {
        flag(value, |user, wanted| {
            let mut wallets = user.crypto_wallets.iter();
            wallets.any(|wallet| wallet.verified == wanted)
        })
    }),
    ("totp_id", |value| {
        any_of(value, |user| {
            user.totps.iter().map(|totp| &totp.totp_id).collect()
        })
    }),
    ("totp_verified", |value| {
        flag(value, |user, wanted| {
            user.totps.iter().any(|totp| totp.verified == wanted)
        })
    }),
    ("password_exists", |value| {
        flag(value, |user, wanted| user.password.is_some() == wanted)
    }),
    ("email_domain", email_domain),
];

/// `POST /v1/users/search`.
pub(crate) fn search(consumer: &Consumer, call: &Call) -> Result<Reply, Failure> {
    let search = Search::read(&call.fields, &USERS)?;
    let (page, results_metadata) = search.page(consumer.users.iter());
    Ok(Reply::ok(
        json!({ "results": page, "results_metadata": results_metadata }),
    ))
}

fn any_of(value: &Value, held: fn(&User) -> Vec<&String>) -> Result<Test, Failure> {
    let texts = value
        .as_array()
        .and_then(|list| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let texts = texts.ok_or(&errors::SEARCH_EXPECTED_STRINGS)?;
    let wanted: Vec<String> = texts.into_iter().map(str::to_lowercase).collect();
    Ok(Box::new(move |user| {
        held(user)
            .iter()
            .any(|text| wanted.contains(&text.to_lowercase()))
    }))
}

fn flag(value: &Value, test: fn(&User, bool) -> bool) -> Result<Test, Failure> {
    let wanted = value.as_bool().ok_or(&errors::SEARCH_EXPECTED_BOOL)?;
    Ok(Box::new(move |user| test(user, wanted)))
}

fn fuzzy(
    value: &Value,
    too_short: &'static ErrorRow,
    test: fn(&User, &str) -> bool,
) -> Result<Test, Failure> {
    let wanted = value
        .as_str()
        .ok_or(&errors::SEARCH_EXPECTED_STRING)?
        .to_lowercase();
    if wanted.chars().count() < 3 {
        return Err(too_short.failure());
    }
    Ok(Box::new(move |user| test(user, &wanted)))
}

/// Accepts user ids or external ids, but not both.
fn user_id(value: &Value) -> Result<Test, Failure> {
    let test = any_of(value, |user| {
        let external = user.external_id.iter();
        external.chain([&user.user_id]).collect()
    })?;
    let ids = value.as_array().into_iter().flatten();
    let native = ids.filter(|id| id.as_str().is_some_and(|id| shapes::is_id("user", id)));
    match native.count() {
        0 => Ok(test),
        count if value.as_array().map(Vec::len) == Some(count) => Ok(test),
        _ => Err(errors::SEARCH_MIXED_USER_IDS.failure()),
    }
}

/// Compares the names of providers without regard to case: users have `Google`, and callers send `google`.
fn oauth_provider(value: &Value) -> Result<Test, Failure> {
    let mut names = value.as_array().into_iter().flatten();
    if names.any(|name| name == "") {
        return Err(errors::SEARCH_INVALID_OAUTH_PROVIDER.failure());
    }
    any_of(value, |user| {
        let providers = user.providers.iter();
        providers.map(|provider| &provider.provider_type).collect()
    })
}

/// Assumption: the value is one domain.
fn email_domain(value: &Value) -> Result<Test, Failure> {
    let wanted = value.as_str().ok_or(&errors::SEARCH_EXPECTED_STRING)?;
    let wanted = wanted.to_lowercase();
    Ok(Box::new(move |user| {
        let mut domains = user.emails.iter().map(|email| email.email.split_once('@'));
        domains.any(|parts| parts.is_some_and(|(_, domain)| domain == wanted))
    }))
}

fn status(value: &Value) -> Result<Test, Failure> {
    let wanted = match value.as_str().ok_or(&errors::SEARCH_EXPECTED_STRING)? {
        "active" => Status::Active,
        "pending" => Status::Pending,
        _ => return Err(errors::SEARCH_INVALID_STATUS_FILTER.failure()),
    };
    Ok(Box::new(move |user| user.status == wanted))
}

fn since(value: &Value, test: fn(UnixSeconds, UnixSeconds) -> bool) -> Result<Test, Failure> {
    let limit = timestamp(value)?;
    Ok(Box::new(move |user| test(user.created_at, limit)))
}

fn between(value: &Value) -> Result<Test, Failure> {
    let bounds = value.as_object().ok_or(&errors::SEARCH_EXPECTED_OBJECT)?;
    let bound = |name| bounds.get(name).ok_or(&errors::SEARCH_EXPECTED_TIMESTAMP);
    let (low, high) = (
        timestamp(bound("greater_than")?)?,
        timestamp(bound("less_than")?)?,
    );
    Ok(Box::new(move |user| {
        low < user.created_at && user.created_at < high
    }))
}

fn timestamp(value: &Value) -> Result<UnixSeconds, Failure> {
    let parsed = value.as_str().and_then(UnixSeconds::parse_rfc3339);
    parsed.ok_or_else(|| errors::SEARCH_EXPECTED_TIMESTAMP.failure())
}

fn name_has_prefix(user: &User, wanted: &str) -> bool {
    let Some(name) = &user.name else { return false };
    let parts =
        [&name.first_name, &name.middle_name, &name.last_name].map(|part| part.to_lowercase());
    let full = parts
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    full.starts_with(wanted) || parts.iter().any(|part| part.starts_with(wanted))
}

fn email_has_prefix(user: &User, wanted: &str) -> bool {
    let fits = |email: &str| {
        email.starts_with(wanted) || email.split('@').any(|part| part.starts_with(wanted))
    };
    user.emails.iter().any(|email| fits(&email.email))
}

fn phone_contains(user: &User, wanted: &str) -> bool {
    user.phone_numbers
        .iter()
        .any(|phone| phone.phone_number.contains(wanted))
}
