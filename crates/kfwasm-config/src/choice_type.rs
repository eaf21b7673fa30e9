/// Declares an enum whose variants are written as one word each.
macro_rules! choice_type {
    (
        $(#[$attribute:meta])*
        $name:ident { $($(#[$variant_attribute:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$attribute])*
        pub enum $name {
            $(
                #[cfg_attr(feature = "schema", schemars(rename = $word))]
                $(#[$variant_attribute])*
                $variant,
            )+
        }

        impl $name {
            /// The word as it is written.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Reads the word.
            ///
            /// # Errors
            /// When it is another word; the advice names the nearest one or all of them.
            pub fn parse(text: &str) -> Result<Self, $crate::Refusal> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::read::did_you_mean::refusal(text, &[$($word),+])),
                }
            }
        }
    };
}
