//! A software authenticator with the browser around it: answers WebAuthn options with real keys and signatures.
//!
//! The public fields let a test return a wrong response.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::sha2::{Digest as _, Sha256};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

pub struct SecurityKey {
    pub key: Key,
    pub credential_id: Vec<u8>,
    pub count: u32,
    /// The origin of the page that calls the browser.
    pub origin: String,
    /// User present, and user verified.
    pub flags: u8,
    /// The format of the attestation: `none` or `packed`.
    pub format: &'static str,
    /// Replaces the RP ID of the options.
    pub rp_id: Option<String>,
    /// Replaces the type of the client data.
    pub ceremony: Option<&'static str>,
    /// Whether the page says that it is in a frame of another origin.
    pub is_in_frame: bool,
    /// Bytes after the authenticator data.
    pub trailing: &'static [u8],
    /// Replaces the algorithm in the attestation statement. With it, the format `none` has a statement, too.
    pub alg: Option<i64>,
    /// Whether the signature counter increases. A passkey that is synchronized does not count.
    pub counts: bool,
    pub handle: Vec<u8>,
}

pub enum Key {
    Es256(p256::ecdsa::SigningKey),
    Rs256(Box<rsa::RsaPrivateKey>),
    EdDsa(ed25519_dalek::SigningKey),
}

impl SecurityKey {
    pub fn new(seed: u8) -> Self {
        let key = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap();
        Self::with_key(Key::Es256(key), seed)
    }

    pub fn with_key(key: Key, seed: u8) -> Self {
        Self {
            key,
            credential_id: vec![seed; 20],
            count: 0,
            origin: "https://example.com".to_owned(),
            flags: 5,
            format: "none",
            rp_id: None,
            ceremony: None,
            is_in_frame: false,
            trailing: &[],
            alg: None,
            counts: true,
            handle: Vec::new(),
        }
    }

    /// `navigator.credentials.create`. Returns the credential as JSON text.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.handle = decoded(&options["user"]["id"]);
        let client_data = self.client_data("webauthn.create", &options);
        let mut data = self.data(&options["rp"]["id"], 0x40);
        data.extend([0; 16]);
        data.extend(
            u16::try_from(self.credential_id.len())
                .unwrap()
                .to_be_bytes(),
        );
        data.extend(&self.credential_id);
        data.extend(self.key.cose());
        data.extend(self.trailing);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        let statement = match self.format {
            "none" if self.alg.is_none() => head(5, 0),
            _ => {
                let signature = bytes(&self.key.sign(&signed));
                [
                    head(5, 2),
                    text("alg"),
                    int(self.alg.unwrap_or(self.key.alg())),
                    text("sig"),
                    signature,
                ]
                .concat()
            }
        };
        let object = [
            head(5, 3),
            text("fmt"),
            text(self.format),
            text("attStmt"),
            statement,
            text("authData"),
            bytes(&data),
        ];
        self.credential(json!({
            "clientDataJSON": encoded(&client_data),
            "attestationObject": encoded(&object.concat()),
        }))
    }

    /// `navigator.credentials.get`. Returns the credential as JSON text.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let client_data = self.client_data("webauthn.get", &options);
        let mut data = self.data(&options["rpId"], 0);
        data.extend(self.trailing);
        let signed = [data.as_slice(), &Sha256::digest(&client_data)].concat();
        self.credential(json!({
            "clientDataJSON": encoded(&client_data),
            "authenticatorData": encoded(&data),
            "signature": encoded(&self.key.sign(&signed)),
            "userHandle": encoded(&self.handle),
        }))
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        let client_data = json!({
            "type": self.ceremony.unwrap_or(ceremony),
            "challenge": encoded(&decoded(&options["challenge"])),
            "origin": self.origin,
            "crossOrigin": self.is_in_frame,
        });
        client_data.to_string().into()
    }

    fn data(&mut self, rp_id: &Value, more_flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id.as_str().unwrap());
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(self.flags | more_flags);
        self.count += u32::from(self.counts);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn credential(&self, response: Value) -> String {
        let id = encoded(&self.credential_id);
        let credential =
            json!({ "id": id, "rawId": id, "type": "public-key", "response": response });
        credential.to_string()
    }
}

impl Key {
    fn alg(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::Rs256(_) => -257,
            Self::EdDsa(_) => -8,
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Self::Rs256(key) => {
                let digest = Sha256::digest(message);
                key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest).unwrap()
            }
            Self::EdDsa(key) => key.sign(message).to_bytes().to_vec(),
        }
    }

    /// The public key (RFC 9053).
    fn cose(&self) -> Vec<u8> {
        let members: Vec<(i64, Vec<u8>)> = match self {
            Self::Es256(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let (x, y) = (point.x().unwrap(), point.y().unwrap());
                vec![
                    (1, int(2)),
                    (3, int(-7)),
                    (-1, int(1)),
                    (-2, bytes(x)),
                    (-3, bytes(y)),
                ]
            }
            Self::Rs256(key) => {
                let (n, e) = (key.n().to_bytes_be(), key.e().to_bytes_be());
                vec![
                    (1, int(3)),
                    (3, int(-257)),
                    (-1, bytes(&n)),
                    (-2, bytes(&e)),
                ]
            }
            Self::EdDsa(key) => {
                let x = key.verifying_key().to_bytes();
                vec![(1, int(1)), (3, int(-8)), (-1, int(6)), (-2, bytes(&x))]
            }
        };
        let mut map = head(5, members.len());
        for (label, value) in members {
            map.extend(int(label));
            map.extend(value);
        }
        map
    }
}

// CBOR (RFC 8949).

fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    match (u8::try_from(argument), u16::try_from(argument)) {
        (Ok(small), _) if small < 24 => vec![major | small],
        (Ok(byte), _) => vec![major | 24, byte],
        (_, Ok(two)) => [&[major | 25][..], &two.to_be_bytes()].concat(),
        _ => panic!("{argument} is too large"),
    }
}

fn int(value: i64) -> Vec<u8> {
    match usize::try_from(value) {
        Ok(value) => head(0, value),
        Err(_) => head(1, usize::try_from(-1 - value).unwrap()),
    }
}

fn text(value: &str) -> Vec<u8> {
    [head(3, value.len()), value.as_bytes().to_vec()].concat()
}

fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len()), value.to_vec()].concat()
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap().trim_end_matches('=');
    URL_SAFE_NO_PAD.decode(text).unwrap()
}
