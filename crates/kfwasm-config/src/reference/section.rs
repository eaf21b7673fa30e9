use serde_json::{Map, Value};

/// A type of the configuration as its schema tells it.
pub(super) struct Section<'a> {
    pub(super) name: &'a str,
    schema: &'a Value,
}

/// A field of an object: what stands in one row of its table.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) kind: String,
    pub(super) default: String,
    pub(super) meaning: &'a str,
}

impl<'a> Section<'a> {
    pub(super) fn new(name: &'a str, schema: &'a Value) -> Self {
        Self { name, schema }
    }

    pub(super) fn description(&self) -> &'a str {
        text(self.schema, "description")
    }

    /// The fields of an object: those that must be there first, then by name. None when it is no
    /// object.
    pub(super) fn fields(&self) -> Vec<Field<'a>> {
        let required = list(self.schema, "required");
        let mut fields: Vec<Field<'a>> = list(self.schema, "oneOf")
            .iter()
            .flat_map(|choice| properties(choice).map(move |property| (property, choice)))
            .map(|((name, property), choice)| Field {
                name,
                kind: kind(property),
                default: "one of these".to_owned(),
                meaning: text(choice, "description"),
            })
            .collect();
        fields.extend(properties(self.schema).map(|(name, property)| Field {
            name,
            kind: kind(property),
            default: match property.get("default") {
                _ if required.iter().any(|other| other == name) => "required".to_owned(),
                Some(default) => format!("`{default}`"),
                None => "none".to_owned(),
            },
            meaning: text(property, "description"),
        }));
        fields.sort_by_key(|field| match field.default.as_str() {
            "required" => 0,
            "one of these" => 1,
            _ => 2,
        });
        fields
    }

    /// The words of a type that is written as one of several words, with their meaning.
    pub(super) fn words(&self) -> Vec<(&'a str, &'a str)> {
        list(self.schema, "oneOf")
            .iter()
            .filter_map(|choice| {
                Some((choice.get("const")?.as_str()?, text(choice, "description")))
            })
            .collect()
    }

    /// The names of the types that this one refers to, in the order of the fields.
    pub(super) fn references(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        collect_references(self.schema, &mut names);
        names
    }
}

fn collect_references<'a>(schema: &'a Value, names: &mut Vec<&'a str>) {
    match schema {
        Value::Object(members) => {
            names.extend(reference(schema));
            members
                .iter()
                .filter(|(key, _)| *key != "$defs")
                .for_each(|(_, value)| collect_references(value, names));
        }
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| collect_references(element, names)),
        _ => {}
    }
}

/// What a value is, with a link to the type that says more.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return format!("[{name}](#{})", name.to_ascii_lowercase());
    }
    match text(schema, "type") {
        "array" => format!(
            "list of {}",
            schema.get("items").map(kind).unwrap_or_default()
        ),
        "object" => "texts by name".to_owned(),
        "boolean" => "true or false".to_owned(),
        _ => "text".to_owned(),
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
        .map(|(name, property)| (name.as_str(), property))
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text<'a>(schema: &'a Value, key: &str) -> &'a str {
    schema.get(key).and_then(Value::as_str).unwrap_or_default()
}
