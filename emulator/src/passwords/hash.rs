//! Hashes of passwords: how each algorithm computes them, and the comparison with a password.
//!
//! Sources: RFC 9106 (Argon2), RFC 7914 (scrypt), RFC 8018 (PBKDF2), Provos and Mazières 1999 (bcrypt), and the portable
//! hashes of phpass. Does not know the form in which a call contains a hash: `migrated.rs` does.

use argon2::{Argon2, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use rsa::sha2::{Digest, Sha256, Sha512};
use serde::{Deserialize, Serialize};
use sha1::Sha1;

/// A hash, with everything that is needed to compute it again from a password.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hash {
    pub(super) algorithm: Algorithm,
    pub(super) output: Bytes,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Algorithm {
    Bcrypt {
        cost: u32,
        salt: Bytes,
    },
    Argon2 {
        variant: Variant,
        version: u32,
        memory_kib: u32,
        iterations: u32,
        threads: u32,
        salt: Bytes,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
        salt: Bytes,
    },
    Pbkdf2 {
        function: Function,
        iterations: u32,
        salt: Bytes,
    },
    /// One pass of a hash function over a text before the password, the password, and a text after it.
    Digest {
        function: Function,
        before: String,
        after: String,
    },
    Phpass {
        log_rounds: u32,
        salt: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Variant {
    Argon2i,
    Argon2id,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Function {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

/// Bytes, in Base64 in a snapshot.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Hash {
    /// Hashes a new password. The number of iterations is small, because tests need speed and the passwords of tests are
    /// not secret.
    pub(crate) fn of(password: &str, salt: &[u8]) -> Self {
        let algorithm = Algorithm::Pbkdf2 {
            function: Function::Sha256,
            iterations: 10,
            salt: Bytes(salt.to_vec()),
        };
        let output = algorithm.compute(password.as_bytes(), 32);
        Self {
            output: Bytes(output.unwrap_or_default()),
            algorithm,
        }
    }

    /// Whether the hash is the hash of this password.
    pub(crate) fn verify(&self, password: &str) -> bool {
        let Bytes(output) = &self.output;
        let computed = self.algorithm.compute(password.as_bytes(), output.len());
        !output.is_empty() && computed.as_ref() == Some(output)
    }
}

impl Algorithm {
    /// Returns the hash with this length, or `None` if the parameters are invalid. A length that the algorithm does not
    /// have results in a hash of its own length.
    fn compute(&self, password: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut output = vec![0; length];
        match self {
            Self::Bcrypt { cost, salt } => {
                if *cost > MAX_BCRYPT_COST {
                    return None;
                }
                // The password as a C string, of which bcrypt reads 72 bytes.
                let mut key = password.to_vec();
                key.push(0);
                key.truncate(72);
                let salt = salt.0.as_slice().try_into().ok()?;
                let hash = bcrypt::bcrypt(*cost, salt, &key);
                return hash.get(..BCRYPT_LENGTH).map(<[u8]>::to_vec);
            }
            Self::Argon2 {
                variant,
                version,
                memory_kib,
                iterations,
                threads,
                salt,
            } => {
                let params =
                    argon2::Params::new(*memory_kib, *iterations, *threads, Some(length)).ok()?;
                let algorithm = match variant {
                    Variant::Argon2i => argon2::Algorithm::Argon2i,
                    Variant::Argon2id => argon2::Algorithm::Argon2id,
                };
                let argon2 = Argon2::new(algorithm, Version::try_from(*version).ok()?, params);
                argon2
                    .hash_password_into(password, &salt.0, &mut output)
                    .ok()?;
            }
            Self::Scrypt { log_n, r, p, salt } => {
                let length = scrypt::Params::RECOMMENDED_LEN;
                let params = scrypt::Params::new(*log_n, *r, *p, length).ok()?;
                scrypt::scrypt(password, &salt.0, &params, &mut output).ok()?;
            }
            Self::Pbkdf2 {
                function,
                iterations,
                salt,
            } => {
                let (salt, rounds) = (salt.0.as_slice(), *iterations);
                match function {
                    Function::Sha256 => {
                        pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut output);
                    }
                    Function::Sha512 => {
                        pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut output);
                    }
                    Function::Md5 | Function::Sha1 => return None,
                }
            }
            Self::Digest {
                function,
                before,
                after,
            } => {
                let text = [before.as_bytes(), password, after.as_bytes()].concat();
                return Some(function.digest(&text));
            }
            Self::Phpass { log_rounds, salt } => {
                // Each round hashes the password again. phpass has the same limit.
                if password.len() > MAX_PHPASS_PASSWORD_BYTES {
                    return None;
                }
                let rounds = 1_u32.checked_shl(*log_rounds)?;
                let mut hash = Function::Md5.digest(&[salt.as_bytes(), password].concat());
                for _ in 0..rounds {
                    hash = Function::Md5.digest(&[hash.as_slice(), password].concat());
                }
                return Some(hash);
            }
        }
        Some(output)
    }
}

impl Function {
    fn digest(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(text).to_vec(),
            Self::Sha1 => Sha1::digest(text).to_vec(),
            Self::Sha256 => Sha256::digest(text).to_vec(),
            Self::Sha512 => Sha512::digest(text).to_vec(),
        }
    }

    /// The length of a hash in bytes.
    pub(super) fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        STANDARD.encode(bytes.0)
    }
}

/// The length of a bcrypt hash in bytes. The algorithm computes one more byte, which no implementation stores.
pub(super) const BCRYPT_LENGTH: usize = 23;
const MAX_PHPASS_PASSWORD_BYTES: usize = 4096;
/// A higher cost takes minutes.
pub(super) const MAX_BCRYPT_COST: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_password_is_stored_as_a_salted_hash() {
        let hash = Hash::of("correct horse", &[1; 16]);
        assert!(hash.verify("correct horse") && !hash.verify("correct horse "));
        assert!(hash.output != Hash::of("correct horse", &[2; 16]).output);
    }

    #[test]
    fn phpass_hashes_no_password_of_more_than_4096_bytes() {
        for (length, is_accepted) in [(4096, true), (4097, false)] {
            let password = "p".repeat(length);
            let mut output = Function::Md5.digest(format!("saltsalt{password}").as_bytes());
            for _ in 0..2 {
                output = Function::Md5.digest(&[&output, password.as_bytes()].concat());
            }
            let algorithm = Algorithm::Phpass {
                log_rounds: 1,
                salt: "saltsalt".to_owned(),
            };
            let output = Bytes(output);
            assert_eq!(Hash { algorithm, output }.verify(&password), is_accepted);
        }
    }

    #[test]
    fn parameters_that_an_algorithm_refuses_match_no_password() {
        let hash = Hash {
            algorithm: Algorithm::Bcrypt {
                cost: 40,
                salt: Bytes(vec![0; 16]),
            },
            output: Bytes(vec![0; BCRYPT_LENGTH]),
        };
        assert!(!hash.verify(""));
    }
}
