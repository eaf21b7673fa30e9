use crate::read::field::Field;
use crate::read::node::Node;
use crate::read::object::Object;
use crate::refusal::Refusal;

/// The name of an environment variable of the gateway that holds a secret; written `{env: NAME}`.
///
/// The secret itself never stands in the configuration, which is readable by everyone who may read
/// the custom resource.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(deny_unknown_fields)
)]
pub struct EnvName {
    /// The name of the environment variable.
    #[cfg_attr(
        feature = "schema",
        schemars(extend("pattern" = "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength" = 128))
    )]
    env: String,
}

const WRITE_ENV: &str = "write {env: NAME} and put the secret into that environment variable of \
     the gateway (vmConfig.env with valueFrom: HOST)";

impl EnvName {
    const LONGEST: usize = 128;

    /// Reads the name of an environment variable.
    ///
    /// # Errors
    /// When it is no such name. What was written is not repeated: it may be the secret.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let starts_well = !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit());
        if starts_well && name.len() <= Self::LONGEST && name.bytes().all(allowed) {
            return Ok(Self {
                env: name.to_owned(),
            });
        }
        Err(Refusal::of(
            "is not the name of an environment variable",
            "write letters, digits and _, no digit first, such as KFWASM_SESSION_KEYS",
        ))
    }

    /// The name of the environment variable.
    pub fn as_str(&self) -> &str {
        &self.env
    }

    /// Reads `{env: NAME}` from a field that has a default.
    pub(crate) fn read_or_default(
        parent: &mut Object<'_>,
        name: &'static str,
        default: &str,
    ) -> Option<Self> {
        match Self::read(parent, name) {
            Field::Absent => Some(Self {
                env: default.to_owned(),
            }),
            field => field.into_option(),
        }
    }

    /// Reads `{env: NAME}` from a field.
    pub(crate) fn read(parent: &mut Object<'_>, name: &'static str) -> Field<Self> {
        match parent.take(name) {
            None => Field::Absent,
            Some(Node::Object(fields)) => {
                let path = parent.path_of(name);
                let mut object = parent.object_at(path, fields);
                let env = object.required("env", "write the name of the variable", &Self::parse);
                object.finish();
                env.map_or(Field::Unreadable, Field::Read)
            }
            Some(Node::Text(_)) => {
                parent.refuse(name, "is a secret written in clear", WRITE_ENV);
                Field::Unreadable
            }
            Some(other) => {
                parent.refuse_kind(parent.path_of(name), &other, "an object");
                Field::Unreadable
            }
        }
    }
}
