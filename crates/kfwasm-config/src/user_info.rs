choice_type! {
    /// Whether the userinfo endpoint is asked about the user (OIDC Core §5.3).
    UserInfoUse {
        /// It is asked when the ID token has none of `claims`.
        WhenNeeded = "whenNeeded",
        /// It is asked at every sign-in, for groups that only it tells.
        Always = "always",
        /// It is never asked.
        Never = "never",
    }
}
