choice_type! {
    /// What becomes of somebody who is named by `email`, by what the provider says of that address in `email_verified`
    /// (OIDC Core §5.1).
    EmailVerified {
        /// Refused if it says `false`.
        NotFalse = "notFalse",
        /// Refused unless it says `true`.
        Required = "required",
        /// Let in whatever it says: for a provider where nobody can choose an address.
        Ignored = "ignored",
    }
}
