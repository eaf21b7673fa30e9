/// Declares a type that holds one checked text and gives it out with `as_str`. The pattern (a JSON
/// Schema one) and the length in bytes are what an editor can check; `parse`, written beside it, is
/// the authority.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, pattern $pattern:literal, longest $longest:literal) => {
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(
            feature = "schema",
            derive(schemars::JsonSchema),
            schemars(extend("pattern" = $pattern, "maxLength" = $longest))
        )]
        $(#[$doc])*
        pub struct $name(String);

        impl $name {
            fn fits(text: &str) -> bool {
                (1..=$longest).contains(&text.len())
            }

            /// The checked text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
