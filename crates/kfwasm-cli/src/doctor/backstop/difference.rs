use serde_json::Value;

use super::POLICY;
use crate::object::Object;

/// What the header's policy demands: the value is a secret, and compared with it elsewhere.
const DEMANDED: &str = "/spec/rules/0/when/0/notValues/0";

/// Where the one among these objects that has the kind and the name of the wanted one is other than it.
///
/// What is to be and what is there are not shown but for a selector: there may be secrets in the rules.
pub(super) fn of(wanted: &Object, parts: &[Object]) -> Option<String> {
    let kind = wanted.text("/kind");
    let live = parts.iter().find(|part| part.text("/kind") == kind)?;
    let wanted = match live.get(DEMANDED) {
        Some(value) if kind == POLICY && wanted.get(DEMANDED).is_some() => {
            wanted.clone().with(DEMANDED, value.clone())
        }
        _ => wanted.clone(),
    };
    let place = first(wanted.get("/spec")?, live.get("/spec")?, "spec".to_owned())?;
    Some(format!("{} is not as kfwasm makes it: {place}", live.id()))
}

/// The first place where two values differ, by their paths.
fn first(wanted: &Value, live: &Value, place: String) -> Option<String> {
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let names = wanted
                .keys()
                .chain(live.keys().filter(|it| !wanted.contains_key(*it)));
            let mut pairs = names.map(|name| (name, wanted.get(name), live.get(name)));
            pairs.find_map(|(name, wanted, live)| both(wanted, live, format!("{place}.{name}")))
        }
        (Value::Array(wanted), Value::Array(live)) => {
            let mut places = 0..wanted.len().max(live.len());
            places.find_map(|at| both(wanted.get(at), live.get(at), format!("{place}[{at}]")))
        }
        (Value::String(wanted), Value::String(live)) if place.contains("abels.") => {
            (wanted != live).then(|| format!("{place} is {live}, and should be {wanted}"))
        }
        (wanted, live) => (wanted != live).then(|| format!("{place} is another")),
    }
}

fn both(wanted: Option<&Value>, live: Option<&Value>, place: String) -> Option<String> {
    match (wanted, live) {
        (Some(wanted), Some(live)) => first(wanted, live, place),
        (Some(_), None) => Some(format!("{place} is missing")),
        _ => Some(format!("{place} should not be there")),
    }
}
