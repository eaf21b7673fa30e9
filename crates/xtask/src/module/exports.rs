use std::convert::Infallible;

use anyhow::{Context, Result, ensure};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, Module};
use wasmparser::{Export, Parser};

/// What Envoy may call or read: it enters the virtual machine for each event whose function it finds, so that a filter made
/// with the SDK, which has one for every event there is, is called for nothing many times. What only dropped exports reach
/// goes with them.
const KEPT: &[&str] = &[
    "memory",
    "_initialize",
    "proxy_abi_version_0_2_1",
    "proxy_on_memory_allocate",
    "proxy_on_configure",
    "proxy_on_tick",
    "proxy_on_request_headers",
    "proxy_on_response_headers",
    "proxy_on_http_call_response",
];

/// The module with only these exports.
pub(super) fn narrow(module: &[u8]) -> Result<Vec<u8>> {
    let mut narrowing = Narrowing {
        missing: KEPT.to_vec(),
    };
    let mut narrowed = Module::new();
    narrowing
        .parse_core_module(&mut narrowed, Parser::new(0), module)
        .context("the linked module cannot be read")?;
    ensure!(
        narrowing.missing.is_empty(),
        "the module does not export {}\n    export it, or drop it from module/exports.rs",
        narrowing.missing.join(", ")
    );
    Ok(narrowed.finish())
}

/// Copies a module and leaves out exports.
struct Narrowing {
    missing: Vec<&'static str>,
}

impl Reencode for Narrowing {
    type Error = Infallible;

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Infallible>> {
        if KEPT.contains(&export.name) {
            self.missing.retain(|name| *name != export.name);
            exports.export(
                export.name,
                self.export_kind(export.kind)?,
                self.external_index(export.kind, export.index)?,
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{ExportKind, MemorySection, MemoryType};
    use wasmparser::Payload;

    use super::*;

    fn module_that_exports<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> Vec<u8> {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        names.into_iter().for_each(|name| {
            exports.export(name, ExportKind::Memory, 0);
        });
        Module::new()
            .section(&memories)
            .section(&exports)
            .clone()
            .finish()
    }

    fn exports(module: &[u8]) -> Vec<String> {
        let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
        let sections = payloads.filter_map(|payload| match payload {
            Payload::ExportSection(section) => Some(section),
            _ => None,
        });
        sections
            .flatten()
            .map(|export| export.unwrap().name.to_owned())
            .collect()
    }

    #[test]
    fn what_envoy_need_not_call_is_dropped() {
        let module = module_that_exports(KEPT.iter().chain(&["proxy_on_log"]));
        assert_eq!(exports(&narrow(&module).unwrap()), KEPT);
    }

    #[test]
    fn a_module_without_an_export_of_the_list_is_refused_by_name() {
        let module = module_that_exports(KEPT.iter().filter(|name| **name != "proxy_on_tick"));
        assert!(
            narrow(&module)
                .unwrap_err()
                .to_string()
                .contains("proxy_on_tick")
        );
    }
}
