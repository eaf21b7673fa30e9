use std::collections::BTreeSet;

use anyhow::{Result, bail};
use wasmparser::{Parser, Payload};

/// Everything that the module may ask of its host. No file, no socket, no thread: nothing here reaches further than
/// the request at hand, the provider's clusters, and what Envoy's workers share.
const ALLOWED: &[(&str, &str)] = &[
    ("env", "proxy_add_header_map_value"),
    ("env", "proxy_call_foreign_function"),
    ("env", "proxy_continue_stream"),
    ("env", "proxy_define_metric"),
    ("env", "proxy_get_buffer_bytes"),
    ("env", "proxy_get_current_time_nanoseconds"),
    ("env", "proxy_get_header_map_pairs"),
    ("env", "proxy_get_log_level"),
    ("env", "proxy_get_property"),
    ("env", "proxy_get_shared_data"),
    ("env", "proxy_http_call"),
    ("env", "proxy_increment_metric"),
    ("env", "proxy_log"),
    ("env", "proxy_record_metric"),
    ("env", "proxy_remove_header_map_value"),
    ("env", "proxy_replace_header_map_value"),
    ("env", "proxy_send_local_response"),
    ("env", "proxy_set_effective_context"),
    ("env", "proxy_set_property"),
    ("env", "proxy_set_shared_data"),
    ("env", "proxy_set_tick_period_milliseconds"),
    ("wasi_snapshot_preview1", "environ_get"),
    ("wasi_snapshot_preview1", "environ_sizes_get"),
    ("wasi_snapshot_preview1", "fd_write"),
    ("wasi_snapshot_preview1", "proc_exit"),
    ("wasi_snapshot_preview1", "random_get"),
];

/// Refuses a module that imports anything else.
pub(super) fn check(module: &[u8]) -> Result<()> {
    let allowed = ALLOWED.iter().copied().collect::<BTreeSet<_>>();
    let foreign = imports(module)?
        .into_iter()
        .filter(|(from, name)| !allowed.contains(&(from, name)));
    let foreign = foreign
        .map(|(from, name)| format!("{from}.{name}"))
        .collect::<Vec<_>>();
    if !foreign.is_empty() {
        bail!(
            "the module imports {}\n    use something that does not need it, or allow it in module/imports.rs and say why",
            foreign.join(", ")
        );
    }
    Ok(())
}

fn imports(module: &[u8]) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                let import = import?;
                found.push((import.module.to_owned(), import.name.to_owned()));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, ImportSection, Module, TypeSection};

    use super::*;

    fn module_that_imports(from: &str, name: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(from, name, EntityType::Function(0));
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    #[test]
    fn an_import_that_is_not_on_the_list_is_refused_by_name() {
        let refused =
            check(&module_that_imports("wasi_snapshot_preview1", "path_open")).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("wasi_snapshot_preview1.path_open"),
            "{refused}"
        );
    }

    #[test]
    fn an_import_that_is_on_the_list_passes() {
        check(&module_that_imports("env", "proxy_log")).unwrap();
    }
}
