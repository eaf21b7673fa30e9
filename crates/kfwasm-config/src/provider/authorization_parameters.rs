use std::collections::BTreeMap;

use crate::read::node::Node;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The parameters that kfwasm makes itself, anew for each sign-in, and those that would replace
/// them (RFC 6749 §4.1.1, RFC 7636 §4.3, OIDC Core §3.1.2.1, RFC 9101 §5).
const RESERVED: [&str; 11] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

const MOST: usize = 32;
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 1024;

/// Reads extra parameters of the authorization request: name to value.
pub(crate) fn read(mut object: Object<'_>) -> BTreeMap<String, String> {
    let written = object.take_all();
    if written.len() > MOST {
        object.refuse_whole("has more than 32 parameters", "write fewer");
    }
    let mut parameters = BTreeMap::new();
    for (name, node) in written {
        let path = object.path_of(&name);
        let value = match check_name(&name) {
            Ok(()) => read_value(&mut object, path.clone(), &name, node),
            Err(refusal) => {
                object.refuse_at(path.clone(), refusal);
                None
            }
        };
        if let Some(value) = value
            && parameters.insert(name, value).is_some()
        {
            let refusal = Refusal::of("is written more than once", "keep one of them");
            object.refuse_at(path, refusal);
        }
    }
    parameters
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if RESERVED.contains(&name) {
        return Err(Refusal::of(
            "is a parameter that kfwasm makes itself",
            if name == "scope" {
                "remove it, and write scopes"
            } else {
                "remove it"
            },
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(allowed) {
        return Ok(());
    }
    Err(Refusal::of(
        "is not the name of a parameter",
        "write 1 to 64 letters, digits, _, - and .",
    ))
}

/// The age of the sign-in that is asked for is compared with the ID token's later (OIDC Core §3.1.2.1), so it must be a number.
fn fits(name: &str, value: &str) -> bool {
    name != "max_age" || (value.len() <= 9 && value.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read_value(object: &mut Object<'_>, path: String, name: &str, node: Node) -> Option<String> {
    match node {
        Node::Text(value) if is_value(&value) && fits(name, &value) => Some(value),
        Node::Text(value) if is_value(&value) => {
            let advice = "write a whole number of seconds, such as \"3600\"";
            let refusal = Refusal::quoting(&value, "is not a max_age", advice);
            object.refuse_at(path, refusal);
            None
        }
        Node::Text(value) => {
            let advice = "write 1 to 1024 characters without control characters";
            let refusal = Refusal::quoting(&value, "is not the value of a parameter", advice);
            object.refuse_at(path, refusal);
            None
        }
        other => {
            object.refuse_kind(path, &other, "a text");
            None
        }
    }
}

fn is_value(value: &str) -> bool {
    (1..=LONGEST_VALUE).contains(&value.len()) && !value.bytes().any(|b| b.is_ascii_control())
}
