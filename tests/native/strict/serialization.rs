//! Rules about the three parts and their letters (RFC 7515, sections 2 and 7.1).

use stytch_edge::jwt::MAX_TOKEN_BYTES;

use super::*;

/// RFC 7515, section 7.1: three parts with two dots between them.
#[test]
fn takes_three_parts_and_no_other_number() {
    let token = signed(HEADER, good_payload());
    assert!(judged(&token).is_ok());
    let (two, signature) = token.rsplit_once('.').unwrap();
    let five = format!("{token}.{signature}.{signature}");
    for other in [
        two.to_owned(),
        encoded(HEADER),
        format!("{token}.{signature}"),
        format!("{token}."),
        format!(".{token}"),
        five,
        // What is signed has a dot too many, and the signature is good.
        seal(&OURS, &format!("{two}.{}", encoded("{}"))),
        seal(&OURS, &encoded(HEADER)),
    ] {
        assert_eq!(judged(&other), Err("malformed"), "{other}");
    }
}

/// RFC 7515, section 5.2, steps 1 to 6: each part is there to be decoded; no part is
/// nothing.
#[test]
fn refuses_an_empty_part() {
    let signature_of_nothing = seal(&OURS, &format!("{}.", encoded(HEADER)));
    let without_signature = format!("{}.{}.", encoded(HEADER), encoded(good_payload()));
    let without_header = seal(&OURS, &format!(".{}", encoded(good_payload())));
    for token in [signature_of_nothing, without_signature, without_header] {
        assert_eq!(judged(&token), Err("malformed"), "{token}");
    }
    assert_eq!(judged(".."), Err("malformed"));
}

/// The three parts of a good token of which each leaves bits over, and with a change in
/// one of them, signed anew.
fn with_part(place: usize, change: impl Fn(&str) -> String) -> String {
    let header = [HEADER, &" ".repeat((4 - HEADER.len() % 3) % 3)].concat();
    let payload = good_payload();
    let payload = [payload.as_str(), &" ".repeat((4 - payload.len() % 3) % 3)].concat();
    let mut parts = [encoded(header), encoded(payload), String::new()];
    if place < 2 {
        parts[place] = change(&parts[place]);
    }
    let token = seal(&OURS, &parts[..2].join("."));
    if place < 2 {
        return token;
    }
    let (signed, signature) = token.rsplit_once('.').unwrap();
    format!("{signed}.{}", change(signature))
}

/// Refuses a change wherever it is made, and takes the token without it.
fn refuses_in_each_part(change: impl Fn(&str) -> String) {
    for place in 0..3 {
        assert!(judged(&with_part(place, str::to_owned)).is_ok());
        let changed = with_part(place, &change);
        assert_eq!(judged(&changed), Err("invalid_base64url"), "{changed}");
    }
}

/// RFC 7515, section 2: "with all trailing '=' characters omitted".
#[test]
fn refuses_padding() {
    refuses_in_each_part(|part| format!("{part}=="));
    refuses_in_each_part(|part| format!("{part}="));
}

/// RFC 7515, section 2: "without the inclusion of any line breaks, whitespace, or other
/// additional characters".
#[test]
fn refuses_white_space() {
    for blank in [" ", "\n", "\r\n", "\t", "\u{a0}", "\0"] {
        refuses_in_each_part(|part| format!("{part}{blank}"));
        refuses_in_each_part(|part| format!("{blank}{part}"));
        refuses_in_each_part(|part| [&part[..8], blank, &part[8..]].concat());
    }
}

/// RFC 4648, section 5: `-` and `_`; section 3.3: decoders reject other letters.
#[test]
fn refuses_letters_of_other_alphabets() {
    for letter in ["+", "/", "é", "%2D", ",", "~"] {
        refuses_in_each_part(|part| [&part[..8], letter, &part[8 + letter.len()..]].concat());
    }
}

/// RFC 4648, section 3.5: bits that no byte takes are zero. Otherwise sixteen texts
/// would be one token.
#[test]
fn refuses_trailing_bits_that_are_not_zero() {
    refuses_in_each_part(|part| {
        let (before, last) = part.split_at(part.len() - 1);
        let next = match last {
            "A" => "B",
            "Q" => "R",
            "g" => "h",
            "w" => "x",
            _ => panic!("{last} has no bits to spare"),
        };
        [before, next].concat()
    });
}

/// RFC 7515, section 10.12 leaves limits to whoever reads: 16 KiB, and not a byte more.
#[test]
fn takes_sixteen_kibibytes_and_no_more() {
    let of_length = |length: usize| {
        let mut lengths =
            (1..4).flat_map(|header| (0..MAX_TOKEN_BYTES).map(move |fill| (header, fill)));
        let rest = 342 + 2;
        let (blanks, fill) = lengths
            .rfind(|(blanks, fill)| {
                let header = (HEADER.len() + blanks) * 4;
                let payload = (good_payload().len() + fill) * 4;
                header.div_ceil(3) + payload.div_ceil(3) + rest == length
            })
            .unwrap();
        let blank = |count| " ".repeat(count);
        let payload = good_payload() + &blank(fill);
        let token = signed(&[HEADER, &blank(blanks)].concat(), payload);
        assert_eq!(token.len(), length);
        token
    };
    assert_eq!(MAX_TOKEN_BYTES, 16 * 1024);
    assert!(judged(&of_length(16 * 1024)).is_ok());
    assert_eq!(judged(&of_length(16 * 1024 + 1)), Err("too_long"));
    assert_eq!(judged(&of_length(20 * 1024)), Err("too_long"));
}

/// RFC 7515, section 5.2, step 3, and RFC 7519, section 7.2, steps 3 and 10: header and
/// payload are UTF-8 texts of one JSON object.
#[test]
fn refuses_a_header_or_payload_that_is_no_object_of_json() {
    let mut not_text = good_payload().into_bytes();
    let place = not_text.len() - 4;
    not_text[place] = 0xff;
    assert_eq!(judged(&signed(HEADER, not_text)), Err("invalid_json"));
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
        assert_eq!(claiming(text), Err("invalid_json"), "{text}");
        assert_eq!(under(text), Err("invalid_json"), "{text}");
    }
    let marked = format!("\u{feff}{}", good_payload());
    assert_eq!(
        claiming(&marked),
        Err("invalid_json"),
        "RFC 8259, section 8.1"
    );
}
