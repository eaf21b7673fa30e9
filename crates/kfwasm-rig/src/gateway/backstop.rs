use serde_json::{Value, json};

use crate::RigError;

/// The very file that is installed.
const INSTALLED: &str = include_str!("../../../../deploy/base/backstop.yaml");

/// What that file puts into a gateway.
#[derive(Clone, Debug)]
pub struct Backstop {
    /// The filter before the router, which lets pass only what the module has marked.
    pub gate: Value,
    /// The filter in front of the module that hands it the bodies of the requests that it answers itself. It is switched
    /// off but at [`Self::routes`].
    pub bodies: Value,
    /// The routes that switch it on, to be tried before all others.
    pub routes: Vec<Value>,
}

impl Backstop {
    /// As it is installed.
    ///
    /// # Errors
    /// The file has no such filters.
    pub fn installed() -> Result<Self, RigError> {
        let file: Value =
            serde_saphyr::from_str(INSTALLED).map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            gate: filter(&file, "kfwasm.backstop")?,
            bodies: filter(&file, "kfwasm.bodies")?,
            routes: patches(&file, "HTTP_ROUTE").cloned().collect(),
        })
    }
}

fn filter(file: &Value, name: &str) -> Result<Value, RigError> {
    let found = patches(file, "HTTP_FILTER").find(|it| is(it, "name", name));
    found
        .cloned()
        .ok_or_else(|| wrong(format!("no filter {name}")))
}

/// What is put to this place.
fn patches<'a>(file: &'a Value, place: &'a str) -> impl Iterator<Item = &'a Value> {
    let patches = file.pointer("/spec/configPatches");
    let patches = patches.and_then(Value::as_array).into_iter().flatten();
    patches
        .filter(move |it| is(it, "applyTo", place))
        .filter_map(|it| it.pointer("/patch/value"))
}

fn is(object: &Value, name: &str, value: &str) -> bool {
    object.get(name).is_some_and(|it| it == value)
}

fn wrong(why: String) -> RigError {
    RigError::unexpected("deploy/base/backstop.yaml", why)
}

/// What Istio makes of the AuthorizationPolicy that demands a header, which only the module knows the value of.
pub(super) fn header_gate((name, value): &(String, String)) -> Value {
    json!({
        "name": "kfwasm.backstop",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {
                "action": "ALLOW",
                "policies": { "gate": {
                    "permissions": [{ "any": true }],
                    "principals": [{ "header": { "name": name, "string_match": { "exact": value } } }],
                }},
            },
        },
    })
}
