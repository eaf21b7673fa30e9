//! What the token endpoint says in its JSON.

use serde_json::json;

use super::{BROKEN, SIGNED_IN, TokenCase, one};

pub(super) const TOKEN_RESPONSES: &[TokenCase] = &[
    one(
        "id-token-missing",
        |it| it.members["id_token"] = json!(null),
        BROKEN,
    ),
    one(
        "id-token-a-number",
        |it| it.members["id_token"] = json!(1),
        BROKEN,
    ),
    one(
        "id-token-junk",
        |it| it.members["id_token"] = json!("junk"),
        BROKEN,
    ),
    one(
        "id-token-five-parts",
        |it| it.members["id_token"] = json!("e30.e30.e30.e30.e30"),
        BROKEN,
    ),
    one(
        "id-token-huge",
        |it| it.members["id_token"] = json!("e30.".repeat(100_000)),
        BROKEN,
    ),
    one(
        "access-token-missing",
        |it| it.without_member("access_token"),
        BROKEN,
    ),
    one(
        "access-token-with-a-line-break",
        |it| it.members["access_token"] = json!("a\r\nb"),
        BROKEN,
    ),
    one(
        "token-type-missing",
        |it| it.without_member("token_type"),
        BROKEN,
    ),
    one(
        "token-type-mac",
        |it| it.members["token_type"] = json!("mac"),
        BROKEN,
    ),
    one(
        "token-type-in-capitals",
        |it| it.members["token_type"] = json!("BEARER"),
        SIGNED_IN,
    ),
    one(
        "expires-in-negative",
        |it| it.members["expires_in"] = json!(-1),
        BROKEN,
    ),
    one(
        "expires-in-for-ever",
        |it| it.members["expires_in"] = json!(u64::MAX),
        SIGNED_IN,
    ),
    one(
        "members-twice",
        |it| it.body = Some(|text| text.replacen('{', "{\"id_token\":\"x\",", 1).into_bytes()),
        BROKEN,
    ),
    one(
        "an-array",
        |it| it.body = Some(|text| format!("[{text}]").into_bytes()),
        BROKEN,
    ),
    one(
        "more-behind-it",
        |it| it.body = Some(|text| format!("{text}{text}").into_bytes()),
        BROKEN,
    ),
    one(
        "cut-off",
        |it| it.body = Some(|text| text.as_bytes().iter().copied().take(40).collect()),
        BROKEN,
    ),
    one(
        "not-utf-8",
        |it| it.body = Some(|text| [text.as_bytes(), b"\xff"].concat()),
        BROKEN,
    ),
    one(
        "nested",
        |it| it.body = Some(|_| "{\"a\":".repeat(100_000).into_bytes()),
        BROKEN,
    ),
    one(
        "error-in-a-success",
        |it| it.body = Some(|_| b"{\"error\":\"invalid_grant\"}".to_vec()),
        BROKEN,
    ),
];
