//! From oidc-authservice and oauth2-proxy to kfwasm: what they were told, and what becomes of it.

mod authservice;
mod change_over;
mod draft;
mod fates;
mod ledger;
mod oauth2_proxy;
mod setting;
mod source;
mod translate;

pub(crate) use change_over::{ChangeOver, Removal};
pub(crate) use draft::Draft;
pub(crate) use setting::{SecretPlace, Setting, is_published};
pub(crate) use source::{Found, Surroundings, from_cluster, from_directory};

/// What signs people in today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Predecessor {
    /// `oidc-authservice`, up to Kubeflow 1.8.
    Authservice,
    /// `oauth2-proxy`, since Kubeflow 1.9.
    Oauth2Proxy,
}

impl Predecessor {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Authservice => "oidc-authservice",
            Self::Oauth2Proxy => "oauth2-proxy",
        }
    }

    /// Makes a kfwasm.yaml of what was found, and says what became of each setting.
    pub(crate) fn translate(self, settings: &[Setting], draft: &mut Draft) {
        let fates = match self {
            Self::Authservice => authservice::FATES,
            Self::Oauth2Proxy => oauth2_proxy::FATES,
        };
        fates.translate(settings, draft);
    }
}
