//! The ID token against OIDC Core §3.1.3.7: vectors that corrupt one thing each, every algorithm, and the
//! attacks that JSON Web Tokens are known for.

#[cfg(test)]
mod id_token {
    mod algorithms;
    #[path = "../support/claims_set.rs"]
    mod claims_set;
    mod compact_text;
    mod confusion;
    mod draft;
    mod hostile_input;
    mod key_choice;
    mod key_set;
    mod logout_token;
    mod malleability;
    mod published;
    mod steps;
    mod tenants;
}
