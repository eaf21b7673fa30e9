use std::fmt::Write;

use serde_json::Value;

use super::schema::schema;
use super::section::Section;

/// The reference as Markdown: an opening with a complete example, then a table for each object.
pub fn markdown() -> String {
    let schema = schema();
    let sections = sections(&schema);
    let mut out = String::from(include_str!("opening.md"));
    for section in &sections {
        write_object(&mut out, section);
    }
    for section in &sections {
        write_words(&mut out, section);
    }
    write_formats(&mut out, &sections);
    out
}

/// The whole, then every type that it refers to, in the order of reference.
fn sections(schema: &Value) -> Vec<Section<'_>> {
    let mut sections = vec![Section::new("The whole", schema)];
    let mut next = 0;
    while let Some(section) = sections.get(next) {
        for name in section.references() {
            let known = sections.iter().any(|section| section.name == name);
            let definition = schema.get("$defs").and_then(|all| all.get(name));
            if let Some(definition) = definition.filter(|_| !known) {
                sections.push(Section::new(name, definition));
            }
        }
        next += 1;
    }
    sections
}

fn write_object(out: &mut String, section: &Section<'_>) {
    let fields = section.fields();
    if fields.is_empty() {
        return;
    }
    let (name, description) = (section.name, section.description());
    let head = "| field | what it is | default | meaning |\n| --- | --- | --- | --- |";
    line(out, format_args!("\n## {name}\n\n{description}\n\n{head}"));
    for field in fields {
        line(
            out,
            format_args!(
                "| `{}` | {} | {} | {} |",
                field.name,
                field.kind,
                cell(&field.default),
                cell(field.meaning)
            ),
        );
    }
}

fn write_words(out: &mut String, section: &Section<'_>) {
    let words = section.words();
    if words.is_empty() {
        return;
    }
    let (name, description) = (section.name, section.description());
    let head = "| word | meaning |\n| --- | --- |";
    line(out, format_args!("\n## {name}\n\n{description}\n\n{head}"));
    for (word, meaning) in words {
        line(out, format_args!("| `{word}` | {} |", cell(meaning)));
    }
}

/// What is neither an object nor a choice of words: texts that follow a rule.
fn write_formats(out: &mut String, sections: &[Section<'_>]) {
    line(out, format_args!("\n## Formats"));
    for section in sections {
        if section.fields().is_empty() && section.words().is_empty() {
            let (name, description) = (section.name, section.description());
            line(out, format_args!("\n### {name}\n\n{description}"));
        }
    }
}

/// The text in one cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace("\n\n", " ")
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(out, "{text}");
}
