//! Reads a hash of another system from a call: its type, its settings, and its encoding.
//!
//! Assumptions: the salt of Argon2 is the text itself, and the salts of scrypt and PBKDF2 are Base64, as the comments of
//! Stytch's SDKs say for the latter. Settings whose computation takes minutes or gigabytes are refused.

use base64::Engine as _;
use base64::alphabet::{self, Alphabet};
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use super::hash::{Algorithm, BCRYPT_LENGTH, Bytes, Function, Hash, MAX_BCRYPT_COST, Variant};
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;

/// Reads `hash`, `hash_type` and the settings of the type. The settings of other types are ignored, except that their types
/// are validated.
pub(crate) fn read(fields: &Fields) -> Result<Hash, Failure> {
    let hash = fields.text("hash")?.ok_or(&errors::INVALID_HASH)?;
    let kind = fields
        .text("hash_type")?
        .ok_or(&errors::INVALID_HASH_TYPE)?;
    let md_5 = Salts::read(fields, "md_5_config")?;
    let sha_1 = Salts::read(fields, "sha_1_config")?;
    let sha_512 = Salts::read(fields, "sha_512_config")?;
    let argon_2 = Argon2Settings::read(fields)?;
    let scrypt = ScryptSettings::read(fields)?;
    let pbkdf_2 = Pbkdf2Settings::read(fields)?;
    match kind {
        "bcrypt" => bcrypt(hash),
        "md_5" => md_5.hash(hash, Function::Md5, &errors::INVALID_MD_5_HASH),
        "sha_1" => sha_1.hash(hash, Function::Sha1, &errors::INVALID_SHA_1_HASH),
        "sha_512" => sha_512.hash(hash, Function::Sha512, &errors::INVALID_SHA_512_HASH),
        "argon_2i" => argon2(hash, Variant::Argon2i, argon_2),
        "argon_2id" => argon2(hash, Variant::Argon2id, argon_2),
        "scrypt" => self::scrypt(hash, scrypt),
        "phpass" => phpass(hash),
        "pbkdf_2" => pbkdf2(hash, pbkdf_2),
        _ => Err(errors::INVALID_HASH_TYPE.failure()),
    }
}

/// `$2b$<cost>$`, 22 characters of the salt and 31 of the hash.
fn bcrypt(text: &str) -> Result<Hash, Failure> {
    let refused = || errors::INVALID_BCRYPT_HASH.failure();
    let parts: Vec<&str> = text.split('$').collect();
    let &["", "2a" | "2b" | "2y", cost, encoded] = parts.as_slice() else {
        return Err(refused());
    };
    let cost: u32 = cost.parse().map_err(|_| refused())?;
    if !(4..=MAX_BCRYPT_COST).contains(&cost) {
        return Err(errors::INVALID_BCRYPT_COST.failure());
    }
    let (salt, hash) = encoded.split_at_checked(22).ok_or_else(refused)?;
    let read = |text, length| {
        let bytes = decode(&alphabet::BCRYPT, text);
        let bytes = bytes.filter(|bytes| bytes.len() == length);
        bytes.map(Bytes).ok_or_else(refused)
    };
    Ok(Hash {
        algorithm: Algorithm::Bcrypt {
            cost,
            salt: read(salt, 16)?,
        },
        output: read(hash, BCRYPT_LENGTH)?,
    })
}

/// The salts around a password.
struct Salts {
    before: String,
    after: String,
}

impl Salts {
    fn read(fields: &Fields, name: &str) -> Result<Self, Failure> {
        let config = fields.inner(name)?.unwrap_or_default();
        let text = |name| {
            let text = config.text(name)?;
            Ok::<_, Failure>(text.unwrap_or_default().to_owned())
        };
        Ok(Self {
            before: text("prepend_salt")?,
            after: text("append_salt")?,
        })
    }

    /// Reads a hash in hexadecimal digits.
    fn hash(
        self,
        text: &str,
        function: Function,
        malformed: &'static ErrorRow,
    ) -> Result<Hash, Failure> {
        let output = hexadecimal(text).filter(|bytes| bytes.len() == function.length());
        Ok(Hash {
            output: Bytes(output.ok_or(malformed)?),
            algorithm: Algorithm::Digest {
                function,
                before: self.before,
                after: self.after,
            },
        })
    }
}

struct Argon2Settings {
    salt: String,
    iterations: u32,
    memory_kib: u32,
    threads: u32,
    key_length: usize,
}

impl Argon2Settings {
    fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let Some(config) = fields.inner("argon_2_config")? else {
            return Ok(None);
        };
        let salt = config.text("salt")?.unwrap_or_default().to_owned();
        Ok(Some(Self {
            salt,
            iterations: number(&config, "iteration_amount")?,
            memory_kib: number(&config, "memory")?,
            threads: number(&config, "threads")?,
            key_length: length(&config)?,
        }))
    }
}

/// Either `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>`, or hexadecimal digits with settings.
fn argon2(text: &str, variant: Variant, settings: Option<Argon2Settings>) -> Result<Hash, Failure> {
    let malformed = || errors::INVALID_HASH.failure();
    let (version, settings, salt, output) = if text.starts_with('$') {
        let encoded = Encoded::parse(text).ok_or_else(malformed)?;
        let name = match variant {
            Variant::Argon2i => "argon2i",
            Variant::Argon2id => "argon2id",
        };
        if encoded.name != name {
            return Err(malformed());
        }
        let setting = |name| encoded.setting(name).ok_or_else(malformed);
        let settings = Argon2Settings {
            salt: String::new(),
            iterations: setting("t")?,
            memory_kib: setting("m")?,
            threads: setting("p")?,
            key_length: encoded.output.len(),
        };
        // Version 1.0 did not have the field.
        let version = encoded.setting("v").unwrap_or(0x10);
        (version, settings, encoded.salt, encoded.output)
    } else {
        let settings = settings.ok_or_else(|| {
            errors::INVALID_HASH
                .with_message("The argon_2_config is required for a hash in hexadecimal digits.")
        })?;
        let output = hexadecimal(text).ok_or_else(malformed)?;
        let salt = settings.salt.as_bytes().to_vec();
        (0x13, settings, salt, output)
    };
    let Argon2Settings {
        iterations,
        memory_kib,
        threads,
        key_length,
        ..
    } = settings;
    let work = memory_kib.checked_mul(iterations);
    let fitting = memory_kib
        .checked_div(8)
        .is_some_and(|most| threads <= most);
    let checks = [
        (iterations >= 1, &errors::INVALID_ARGON_2_ITERATION_AMOUNT),
        (
            (1..=255).contains(&threads),
            &errors::INVALID_ARGON_2_THREADS,
        ),
        (
            fitting
                && memory_kib <= MAX_ARGON2_MEMORY_KIB
                && work.is_some_and(|work| work <= MAX_ARGON2_WORK),
            &errors::INVALID_ARGON_2_MEMORY,
        ),
        (salt.len() >= 8, &errors::INVALID_ARGON_2_SALT),
        (key_length >= 4, &errors::INVALID_ARGON_2_KEY_LENGTH),
        (
            key_length == output.len(),
            &errors::ARGON_2_KEY_LENGTH_MISMATCH,
        ),
        (matches!(version, 0x10 | 0x13), &errors::INVALID_HASH),
    ];
    refuse_first(checks)?;
    Ok(Hash {
        algorithm: Algorithm::Argon2 {
            variant,
            version,
            memory_kib,
            iterations,
            threads,
            salt: Bytes(salt),
        },
        output: Bytes(output),
    })
}

struct ScryptSettings {
    salt: Option<Vec<u8>>,
    n: u32,
    r: u32,
    p: u32,
    /// Zero if the call does not contain it.
    key_length: usize,
}

impl ScryptSettings {
    fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let Some(config) = fields.inner("scrypt_config")? else {
            return Ok(None);
        };
        let salt = config.text("salt")?.unwrap_or_default();
        Ok(Some(Self {
            salt: decode(&alphabet::STANDARD, salt),
            n: number(&config, "n_parameter")?,
            r: number(&config, "r_parameter")?,
            p: number(&config, "p_parameter")?,
            key_length: length(&config)?,
        }))
    }
}

/// Either `$scrypt$ln=16,r=8,p=1$<salt>$<hash>`, or Base64 with settings.
fn scrypt(text: &str, settings: Option<ScryptSettings>) -> Result<Hash, Failure> {
    let malformed = || errors::INVALID_HASH.failure();
    let (settings, output) = if text.starts_with('$') {
        let encoded = Encoded::parse(text).filter(|encoded| encoded.name == "scrypt");
        let encoded = encoded.ok_or_else(malformed)?;
        let setting = |name| encoded.setting(name).ok_or_else(malformed);
        let settings = ScryptSettings {
            n: 1_u32.checked_shl(setting("ln")?).unwrap_or_default(),
            r: setting("r")?,
            p: setting("p")?,
            salt: Some(encoded.salt),
            key_length: 0,
        };
        (settings, encoded.output)
    } else {
        let settings = settings.ok_or_else(|| {
            errors::INVALID_SCRYPT_PARAMETERS
                .with_message("The scrypt_config is required for a hash in Base64.")
        })?;
        let output = decode(&alphabet::STANDARD, text);
        (settings, output.ok_or(&errors::INVALID_BASE64_SCRYPT_HASH)?)
    };
    let ScryptSettings { n, r, p, .. } = settings;
    let salt = settings.salt.ok_or(&errors::INVALID_BASE64_SCRYPT_SALT)?;
    let work = n.checked_mul(r).and_then(|work| work.checked_mul(p));
    let work_fits = work.is_some_and(|work| (1..=MAX_SCRYPT_WORK).contains(&work));
    let checks = [
        (
            (2..=262_144).contains(&n) && n.is_power_of_two(),
            &errors::INVALID_SCRYPT_N_PARAMETER,
        ),
        (work_fits, &errors::INVALID_SCRYPT_PARAMETERS),
        (
            !output.is_empty() && [0, output.len()].contains(&settings.key_length),
            &errors::SCRYPT_KEY_LENGTH_MISMATCH,
        ),
    ];
    refuse_first(checks)?;
    let log_n = u8::try_from(n.ilog2()).map_err(|_| malformed())?;
    Ok(Hash {
        algorithm: Algorithm::Scrypt {
            log_n,
            r,
            p,
            salt: Bytes(salt),
        },
        output: Bytes(output),
    })
}

struct Pbkdf2Settings {
    salt: Option<Vec<u8>>,
    iterations: u32,
    key_length: usize,
    /// `None` if the algorithm is unknown.
    function: Option<Function>,
}

impl Pbkdf2Settings {
    fn read(fields: &Fields) -> Result<Option<Self>, Failure> {
        let Some(config) = fields.inner("pbkdf_2_config")? else {
            return Ok(None);
        };
        let salt = config.text("salt")?.unwrap_or_default();
        Ok(Some(Self {
            salt: decode(&alphabet::STANDARD, salt),
            iterations: number(&config, "iteration_amount")?,
            key_length: length(&config)?,
            function: match config.text("algorithm")? {
                None | Some("sha256") => Some(Function::Sha256),
                Some("sha512") => Some(Function::Sha512),
                Some(_) => None,
            },
        }))
    }
}

/// Base64, always with settings.
fn pbkdf2(text: &str, settings: Option<Pbkdf2Settings>) -> Result<Hash, Failure> {
    let settings = settings.ok_or_else(|| {
        errors::INVALID_PBKDF_2_HASH.with_message("The pbkdf_2_config is required.")
    })?;
    let function = settings
        .function
        .ok_or(&errors::INVALID_PBKDF_2_ALGORITHM)?;
    let salt = settings.salt.filter(|salt| !salt.is_empty());
    let salt = salt.ok_or(&errors::INVALID_PBKDF_2_SALT)?;
    let output = decode(&alphabet::STANDARD, text).filter(|output| !output.is_empty());
    let output = output.ok_or(&errors::INVALID_PBKDF_2_HASH)?;
    let iterations = settings.iterations;
    // Each block of the output needs all iterations (RFC 8018, section 5.2).
    let blocks = u32::try_from(output.len().div_ceil(function.length())).ok();
    let work = blocks.and_then(|blocks| blocks.checked_mul(iterations));
    refuse_first([
        (
            work.is_some_and(|work| (1..=MAX_PBKDF2_WORK).contains(&work)),
            &errors::INVALID_PBKDF_2_ITERATION_AMOUNT,
        ),
        (
            settings.key_length == output.len(),
            &errors::PBKDF_2_KEY_LENGTH_MISMATCH,
        ),
    ])?;
    Ok(Hash {
        algorithm: Algorithm::Pbkdf2 {
            function,
            iterations,
            salt: Bytes(salt),
        },
        output: Bytes(output),
    })
}

/// `$P$` or `$H$`, one character for the rounds, 8 of the salt and 22 of the hash.
fn phpass(text: &str) -> Result<Hash, Failure> {
    let rest = text
        .strip_prefix("$P$")
        .or_else(|| text.strip_prefix("$H$"));
    let rest = rest.ok_or(&errors::INVALID_PHPASS_HASH_PREFIX)?;
    let read = || {
        let (rounds, rest) = rest.split_at_checked(1)?;
        let (salt, hash) = rest.split_at_checked(8)?;
        let log_rounds = digit_64(rounds.bytes().next()?)?;
        let is_valid = (7..=MAX_PHPASS_LOG_ROUNDS).contains(&log_rounds) && hash.len() == 22;
        is_valid.then_some(())?;
        let mut output = Vec::new();
        // Four digits are three bytes. The least significant digit and byte are the first.
        for digits in hash.as_bytes().chunks(4) {
            let mut number = 0_u32;
            for digit in digits.iter().rev() {
                number = number.checked_mul(64)?.checked_add(digit_64(*digit)?)?;
            }
            let bytes = number.to_le_bytes().into_iter();
            output.extend(bytes.take(digits.len().saturating_sub(1)));
        }
        Some(Hash {
            algorithm: Algorithm::Phpass {
                log_rounds,
                salt: salt.to_owned(),
            },
            output: Bytes(output),
        })
    };
    read().ok_or_else(|| errors::INVALID_PHPASS_HASH_FORMAT.failure())
}

/// Returns the value of a digit of `./0-9A-Za-z`.
fn digit_64(digit: u8) -> Option<u32> {
    let (first, value) = match digit {
        b'.' | b'/' => (b'.', 0),
        b'0'..=b'9' => (b'0', 2),
        b'A'..=b'Z' => (b'A', 12),
        b'a'..=b'z' => (b'a', 38),
        _ => return None,
    };
    let distance = digit.checked_sub(first)?;
    u32::from(distance).checked_add(value)
}

/// A hash in the PHC string format: `$<name>$v=<version>$<setting>=<number>,...$<salt>$<hash>`.
struct Encoded<'a> {
    name: &'a str,
    settings: Vec<(&'a str, u32)>,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl<'a> Encoded<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.strip_prefix('$')?.split('$');
        let name = parts.next()?;
        let output = decode(&alphabet::STANDARD, parts.next_back()?)?;
        let salt = decode(&alphabet::STANDARD, parts.next_back()?)?;
        let settings = parts.flat_map(|part| part.split(','));
        let settings = settings.map(|setting| {
            let (name, number) = setting.split_once('=')?;
            Some((name, number.parse().ok()?))
        });
        Some(Self {
            name,
            settings: settings.collect::<Option<_>>()?,
            salt,
            output,
        })
    }

    fn setting(&self, name: &str) -> Option<u32> {
        let found = self.settings.iter().find(|(known, _)| *known == name);
        found.map(|(_, number)| *number)
    }
}

/// Reads a number. A missing, negative or too large number is zero, which no setting accepts.
fn number(config: &Fields, name: &str) -> Result<u32, Failure> {
    let number = config.whole_number(name)?.unwrap_or_default();
    Ok(u32::try_from(number).unwrap_or_default())
}

fn length(config: &Fields) -> Result<usize, Failure> {
    let length = number(config, "key_length")?;
    Ok(usize::try_from(length).unwrap_or_default())
}

/// Returns the error of the first check that is not met.
fn refuse_first<const N: usize>(checks: [(bool, &'static ErrorRow); N]) -> Result<(), Failure> {
    match checks.into_iter().find(|(is_met, _)| !is_met) {
        Some((_, error)) => Err(error.failure()),
        None => Ok(()),
    }
}

/// Decodes Base64 with or without padding.
fn decode(alphabet: &Alphabet, text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        let is_pair = pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_pair.then(|| u8::from_str_radix(pair, 16).ok())?
    });
    pairs.collect()
}

/// 1 GiB.
const MAX_ARGON2_MEMORY_KIB: u32 = 1024 * 1024;
/// Kibibytes times iterations.
const MAX_ARGON2_WORK: u32 = 4 * 1024 * 1024;
/// The product of N, r and p: 1 GiB of memory if p is 1.
const MAX_SCRYPT_WORK: u32 = 8 * 1024 * 1024;
/// Iterations times blocks of the output.
const MAX_PBKDF2_WORK: u32 = 10_000_000;
const MAX_PHPASS_LOG_ROUNDS: u32 = 22;
