//! The rules for the compact serialization and its base64url parts (RFC 7515, sections 2 and 7.1).

use stytch_edge::jwt::MAX_TOKEN_BYTES;

use super::*;

/// RFC 7515, section 7.1: a token has three parts, separated by dots.
#[test]
fn accepts_exactly_three_parts() {
    let token = signed(HEADER, valid_payload());
    assert!(checked(&token).is_ok());
    let (two, signature) = token.rsplit_once('.').unwrap();
    let five = format!("{token}.{signature}.{signature}");
    for other in [
        two.to_owned(),
        encoded(HEADER),
        format!("{token}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        five,
        // The signed text has one dot too many or too few, and its signature is valid.
        signed_text(&PROJECT_KEY, &format!("{two}.{}", encoded("{}"))),
        signed_text(&PROJECT_KEY, &encoded(HEADER)),
    ] {
        assert_eq!(checked(&other), Err("malformed"), "{other}");
    }
}

/// RFC 7515, section 5.2, steps 1 to 6: each part is decoded, and an empty text is neither a JSON object nor a signature.
#[test]
fn rejects_an_empty_part() {
    let signature_of_nothing = signed_text(&PROJECT_KEY, &format!("{}.", encoded(HEADER)));
    let without_signature = format!("{}.{}.", encoded(HEADER), encoded(valid_payload()));
    let without_header = signed_text(&PROJECT_KEY, &format!(".{}", encoded(valid_payload())));
    for token in [signature_of_nothing, without_signature, without_header] {
        assert_eq!(checked(&token), Err("malformed"), "{token}");
    }
    assert_eq!(checked(".."), Err("malformed"));
}

/// A valid token with a change in one of its parts, and with a valid signature of the changed text. The last character of
/// each part has unused bits.
fn with_part(part_index: usize, change: impl Fn(&str) -> String) -> String {
    let header = [HEADER, &" ".repeat((4 - HEADER.len() % 3) % 3)].concat();
    let payload = valid_payload();
    let payload = [payload.as_str(), &" ".repeat((4 - payload.len() % 3) % 3)].concat();
    let mut parts = [encoded(header), encoded(payload), String::new()];
    if part_index < 2 {
        parts[part_index] = change(&parts[part_index]);
    }
    let token = signed_text(&PROJECT_KEY, &parts[..2].join("."));
    if part_index < 2 {
        return token;
    }
    let (signed, signature) = token.rsplit_once('.').unwrap();
    format!("{signed}.{}", change(signature))
}

/// Asserts that a change in each of the parts is rejected, and that the token without the change is accepted.
fn rejects_in_each_part(change: impl Fn(&str) -> String) {
    for part_index in 0..3 {
        assert!(checked(&with_part(part_index, str::to_owned)).is_ok());
        let changed = with_part(part_index, &change);
        assert_eq!(checked(&changed), Err("invalid_base64url"), "{changed}");
    }
}

/// RFC 7515, section 2: "with all trailing '=' characters omitted".
#[test]
fn rejects_padding() {
    rejects_in_each_part(|part| format!("{part}=="));
    rejects_in_each_part(|part| format!("{part}="));
}

/// RFC 7515, section 2: "without the inclusion of any line breaks, whitespace, or other
/// additional characters".
#[test]
fn rejects_white_space() {
    for blank in [" ", "\n", "\r\n", "\t", "\u{a0}", "\0"] {
        rejects_in_each_part(|part| format!("{part}{blank}"));
        rejects_in_each_part(|part| format!("{blank}{part}"));
        rejects_in_each_part(|part| [&part[..8], blank, &part[8..]].concat());
    }
}

/// RFC 4648, section 5: the alphabet contains `-` and `_`. Section 3.3: decoders reject characters outside of the alphabet.
#[test]
fn rejects_characters_of_other_alphabets() {
    for letter in ["+", "/", "é", "%2D", ",", "~"] {
        rejects_in_each_part(|part| [&part[..8], letter, &part[8 + letter.len()..]].concat());
    }
}

/// RFC 4648, section 3.5: unused bits of the last character are zero. Otherwise up to sixteen texts would be the same token.
#[test]
fn rejects_trailing_bits_that_are_not_zero() {
    rejects_in_each_part(|part| {
        let (before, last) = part.split_at(part.len() - 1);
        let next = match last {
            "A" => "B",
            "Q" => "R",
            "g" => "h",
            "w" => "x",
            _ => panic!("{last} does not have unused bits"),
        };
        [before, next].concat()
    });
}

/// The maximum length of a token is 16 KiB. The RFCs do not limit the length.
#[test]
fn accepts_at_most_16_kibibytes() {
    let of_length = |length: usize| {
        let mut lengths =
            (1..4).flat_map(|header| (0..MAX_TOKEN_BYTES).map(move |fill| (header, fill)));
        let rest = 342 + 2;
        let (blanks, fill) = lengths
            .rfind(|(blanks, fill)| {
                let header = (HEADER.len() + blanks) * 4;
                let payload = (valid_payload().len() + fill) * 4;
                header.div_ceil(3) + payload.div_ceil(3) + rest == length
            })
            .unwrap();
        let blank = |count| " ".repeat(count);
        let payload = valid_payload() + &blank(fill);
        let token = signed(&[HEADER, &blank(blanks)].concat(), payload);
        assert_eq!(token.len(), length);
        token
    };
    assert_eq!(MAX_TOKEN_BYTES, 16 * 1024);
    assert!(checked(&of_length(16 * 1024)).is_ok());
    assert_eq!(checked(&of_length(16 * 1024 + 1)), Err("too_long"));
    assert_eq!(checked(&of_length(20 * 1024)), Err("too_long"));
}

/// RFC 7515, section 5.2, step 3, and RFC 7519, section 7.2, steps 3 and 10: header and payload are UTF-8 texts of one JSON
/// object each.
#[test]
fn rejects_a_header_or_payload_that_is_not_a_json_object() {
    let mut not_text = valid_payload().into_bytes();
    let index = not_text.len() - 4;
    not_text[index] = 0xff;
    assert_eq!(checked(&signed(HEADER, not_text)), Err("invalid_json"));
    for text in [
        "[]",
        "7",
        "null",
        "\"\"",
        "{",
        "{}{}",
        "{}\0",
        "{'a':1}",
        "\u{feff}{}",
    ] {
        assert_eq!(check_payload(text), Err("invalid_json"), "{text}");
        assert_eq!(check_header(text), Err("invalid_json"), "{text}");
    }
    let marked = format!("\u{feff}{}", valid_payload());
    assert_eq!(
        check_payload(&marked),
        Err("invalid_json"),
        "RFC 8259, section 8.1"
    );
}
