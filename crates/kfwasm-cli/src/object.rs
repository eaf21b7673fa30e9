use std::fmt;

use serde_json::{Map, Value};

/// An object of Kubernetes, or the part of one that kfwasm owns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object(Value);

/// Which object it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectId {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
}

impl Object {
    /// The object, if the value has what identifies one.
    pub(crate) fn new(value: Value) -> Option<Self> {
        let text = |pointer| value.pointer(pointer).and_then(Value::as_str);
        let identified = ["/apiVersion", "/kind", "/metadata/name"].map(text);
        identified
            .iter()
            .all(|part| part.is_some_and(|part| !part.is_empty()))
            .then_some(Self(value))
    }

    pub(crate) fn id(&self) -> ObjectId {
        ObjectId {
            api_version: self.text("/apiVersion").to_owned(),
            kind: self.text("/kind").to_owned(),
            namespace: self
                .get("/metadata/namespace")
                .and_then(Value::as_str)
                .map(str::to_owned),
            name: self.text("/metadata/name").to_owned(),
        }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    pub(crate) fn get(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    /// The text there; empty when there is none.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.get(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The object with a value at a JSON pointer (RFC 6901); what is on the way there is made.
    pub(crate) fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        let way: Vec<&str> = pointer.split('/').skip(1).collect();
        put(&mut self.0, &way, value.into());
        self
    }

    /// The object without what is at a JSON pointer.
    pub(crate) fn without(mut self, pointer: &str) -> Self {
        let Some((parent, name)) = pointer.rsplit_once('/') else {
            return self;
        };
        if let Some(Value::Object(fields)) = self.0.pointer_mut(parent) {
            fields.remove(&unescaped(name));
        }
        self
    }
}

impl ObjectId {
    /// An object in a namespace.
    pub(crate) fn of(api_version: &str, kind: &str, namespace: &str, name: &str) -> Self {
        Self {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: Some(namespace.to_owned()),
            name: name.to_owned(),
        }
    }

    /// Whether it is the same object, in whichever version of its kind.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let id = |it: &Self| (it.kind.clone(), it.namespace.clone(), it.name.clone());
        group(&self.api_version) == group(&other.api_version) && id(self) == id(other)
    }
}

/// The group in `GROUP/VERSION`; that of the core has no name.
fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

fn put(place: &mut Value, way: &[&str], value: Value) {
    let Some((first, rest)) = way.split_first() else {
        *place = value;
        return;
    };
    if let Value::Array(list) = place {
        let index = first.parse::<usize>().ok();
        if let Some(element) = index.and_then(|index| list.get_mut(index)) {
            put(element, rest, value);
        }
        return;
    }
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Value::Object(fields) = place {
        put(
            fields.entry(unescaped(first)).or_insert(Value::Null),
            rest,
            value,
        );
    }
}
