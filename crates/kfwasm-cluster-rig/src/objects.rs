use std::fs;
use std::path::Path;

use kfwasm_rig::RigError;
use serde_json::Value;

/// The objects in a YAML file, or in every YAML file of a folder.
///
/// # Errors
/// When it cannot be read, or is no YAML.
pub fn objects(place: &Path) -> Result<Vec<Value>, RigError> {
    if !place.is_dir() {
        return in_file(place);
    }
    let entries = fs::read_dir(place).map_err(RigError::io(format!("read {}", place.display())))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    files.sort();
    let each: Result<Vec<_>, _> = files.iter().map(|file| in_file(file)).collect();
    Ok(each?.concat())
}

fn in_file(file: &Path) -> Result<Vec<Value>, RigError> {
    let text =
        fs::read_to_string(file).map_err(RigError::io(format!("read {}", file.display())))?;
    let documents: Vec<Value> = serde_saphyr::from_multiple(&text)
        .map_err(|error| RigError::unexpected(file.display().to_string(), error.to_string()))?;
    Ok(documents.into_iter().filter(Value::is_object).collect())
}
