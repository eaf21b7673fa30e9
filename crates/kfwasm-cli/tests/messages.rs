//! What the program says and how it ends, pinned word by word.

#[test]
fn messages() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
