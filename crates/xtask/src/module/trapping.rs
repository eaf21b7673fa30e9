use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction, Module,
    TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, Export, ExportSectionReader, FunctionSectionReader, Parser, Payload,
    TypeSectionReader,
};

/// What Envoy calls with a part of a request's body.
const BODY: &str = "proxy_on_request_body";

/// The module with one more function, which Envoy calls for a request that has a body and is let through, and which traps.
/// All else stays as it is, so that what heals after the trap is the module itself.
pub(crate) fn trapping(module: &[u8]) -> Result<Vec<u8>> {
    let mut trapping = Trapping::default();
    trapping
        .count(module)
        .context("the module cannot be read")?;
    let mut made = Module::new();
    trapping
        .parse_core_module(&mut made, Parser::new(0), module)
        .context("the module cannot be changed")?;
    Ok(made.finish())
}

/// Copies a module and adds the function.
#[derive(Default)]
struct Trapping {
    /// How many types there are: the index of the one that is added.
    types: u32,
    /// How many functions there are, imports among them: the index of the one that is added.
    functions: u32,
}

impl Trapping {
    fn count(&mut self, module: &[u8]) -> Result<()> {
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(types) => {
                    for group in types {
                        self.types += u32::try_from(group?.types().len())?;
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let is_function = matches!(import?.ty, wasmparser::TypeRef::Func(_));
                        self.functions += u32::from(is_function);
                    }
                }
                Payload::FunctionSection(functions) => self.functions += functions.count(),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Reencode for Trapping {
    type Error = Infallible;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        wasm_encoder::reencode::utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32; 3], [ValType::I32]);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        wasm_encoder::reencode::utils::parse_function_section(self, functions, section)?;
        functions.function(self.types);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        wasm_encoder::reencode::utils::parse_export_section(self, exports, section)?;
        exports.export(BODY, ExportKind::Func, self.functions);
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Infallible>> {
        if export.name == BODY {
            return Ok(());
        }
        wasm_encoder::reencode::utils::parse_export(self, exports, export)
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        wasm_encoder::reencode::utils::parse_code_section(self, code, section)?;
        let mut function = Function::new([]);
        function.instruction(&Instruction::Unreachable);
        function.instruction(&Instruction::End);
        code.function(&function);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One type, one function, exported: as small as a module with all four sections can be.
    fn module() -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([], []);
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export("nothing", ExportKind::Func, 0);
        let mut code = CodeSection::new();
        let mut body = Function::new([]);
        body.instruction(&Instruction::End);
        code.function(&body);
        let mut module = Module::new();
        module.section(&types).section(&functions);
        module.section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn the_function_is_added_and_all_else_stays() {
        let made = trapping(&module()).unwrap();
        wasmparser::validate(&made).unwrap();
        let sections = Parser::new(0).parse_all(&made).map(Result::unwrap);
        let exports: Vec<_> = sections
            .filter_map(|payload| match payload {
                Payload::ExportSection(section) => Some(section),
                _ => None,
            })
            .flatten()
            .map(Result::unwrap)
            .map(|export| (export.name, export.index))
            .collect();
        assert_eq!(exports, [("nothing", 0), (BODY, 1)]);
    }
}
