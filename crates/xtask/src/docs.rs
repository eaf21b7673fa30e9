//! The reference of the configuration, from its types.

use std::fs;

use anyhow::{Context, Result};
use kfwasm_config::reference;

use crate::workspace;

/// Writes docs/configuration.md and docs/configuration.schema.json.
pub(crate) fn write() -> Result<()> {
    for (name, content) in documents() {
        let file = workspace::root().join("docs").join(name);
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
        eprintln!("wrote docs/{name}");
    }
    Ok(())
}

fn documents() -> [(&'static str, String); 2] {
    [
        ("configuration.md", reference::markdown()),
        ("configuration.schema.json", reference::schema_json()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_are_those_of_the_types() {
        for (name, content) in documents() {
            let written =
                fs::read_to_string(workspace::root().join("docs").join(name)).unwrap_or_default();
            assert!(
                written == content,
                "docs/{name} is out of date: run `cargo xtask docs`"
            );
        }
    }
}
