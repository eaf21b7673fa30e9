//! The text of a token, broken in one place.

use kfwasm_oidc::id_token::IdTokenFault::Jws;
use kfwasm_oidc::jose::{CompactJws, JsonFault, JwsFault};

use super::draft::{Draft, encode, fault_of};

/// What is wrong, how the text of a valid token is made so, and the fault that must come of it.
type Case = (&'static str, fn(&str) -> String, JwsFault);

static CASES: [Case; 17] = [
    ("nothing", |_| String::new(), JwsFault::Parts(1)),
    ("one part", |it| it.replace('.', ""), JwsFault::Parts(1)),
    (
        "two parts: no signature",
        |it| it.rsplit_once('.').unwrap().0.to_owned(),
        JwsFault::Parts(2),
    ),
    ("four parts", |it| format!("{it}.AA"), JwsFault::Parts(4)),
    (
        "five parts: encrypted",
        |it| format!("{it}.AA.AA"),
        JwsFault::Parts(5),
    ),
    (
        "only dots",
        |_| "..".to_owned(),
        JwsFault::Header(JsonFault::NotJson),
    ),
    (
        "white space in front",
        |it| format!(" {it}"),
        JwsFault::Base64("header"),
    ),
    (
        "white space behind",
        |it| format!("{it}\n"),
        JwsFault::Base64("signature"),
    ),
    (
        "a padded header",
        |it| it.replacen('.', "=.", 1),
        JwsFault::Base64("header"),
    ),
    (
        "a padded payload",
        |it| replace_second_dot(it, "=."),
        JwsFault::Base64("payload"),
    ),
    (
        "a padded signature",
        |it| format!("{it}=="),
        JwsFault::Base64("signature"),
    ),
    (
        "the other base64 alphabet",
        |it| it.replacen('.', ".+/", 1),
        JwsFault::Base64("payload"),
    ),
    (
        "half a character",
        |it| format!("{it}\u{e9}"),
        JwsFault::Base64("signature"),
    ),
    (
        "a NUL",
        |it| format!("{it}\0"),
        JwsFault::Base64("signature"),
    ),
    (
        "a signature with spare bits",
        spare_bits,
        JwsFault::Base64("signature"),
    ),
    (
        "a header that is no JSON",
        |it| with_header(it, "alg=ES256"),
        JwsFault::Header(JsonFault::NotJson),
    ),
    (
        "a header that is an array",
        |it| with_header(it, "[]"),
        JwsFault::Header(JsonFault::NotAnObject),
    ),
];

#[test]
fn a_text_that_is_not_exactly_a_signed_token_is_refused() {
    for (what, corrupt, fault) in &CASES {
        let text = corrupt(&Draft::valid().sign());
        assert_eq!(fault_of(&text), Jws(fault.clone()), "{what}");
    }
}

#[test]
fn a_header_without_algorithm_is_refused() {
    let text = with_header(&Draft::valid().sign(), r#"{"kid":"p256"}"#);

    assert_eq!(fault_of(&text), Jws(JwsFault::HeaderMember("alg")));
}

#[test]
fn a_truncated_signature_is_refused() {
    let token = Draft::valid().sign();
    let (signed, signature) = token.rsplit_once('.').unwrap();

    for length in [0, 4, 40, 80, 84] {
        let text = format!("{signed}.{}", signature.get(..length).unwrap());
        assert_eq!(fault_of(&text), Jws(JwsFault::Signature), "{length}");
    }
}

#[test]
fn a_token_longer_than_the_limit_is_refused_unread() {
    let huge = format!("{}.{}", encode("{}"), "A".repeat(CompactJws::LONGEST));

    assert_eq!(fault_of(&huge), Jws(JwsFault::TooLong));
}

fn replace_second_dot(token: &str, with: &str) -> String {
    let (front, signature) = token.rsplit_once('.').unwrap();
    [front, with, signature].concat()
}

fn with_header(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    [&encode(header), ".", rest].concat()
}

/// 64 bytes end in a character of which only two bits count.
fn spare_bits(token: &str) -> String {
    let (front, last) = token.split_at(token.len() - 1);
    let next = char::from(last.as_bytes()[0] + 1);
    format!("{front}{next}")
}
