use serde_json::Value;

use crate::sample::said_about;

const GUIDE: &str = include_str!("../../../../docs/configuration.md");

/// The YAML blocks of a Markdown page.
fn examples(page: &str) -> Vec<&str> {
    page.split("```yaml\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap())
        .collect()
}

#[test]
fn every_example_of_the_guide_is_accepted() {
    let examples = examples(GUIDE);
    assert_eq!(examples.len(), 3);
    for example in examples {
        let document: Value = serde_saphyr::from_str(example).unwrap();
        assert_eq!(said_about(&document), "nothing", "{example}");
    }
}
