use kfwasm_rig::RigError;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};

/// A certificate authority that nobody outside of the rig trusts.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub struct Certified {
    /// The certificate.
    pub certificate: String,
    /// Its key (PKCS #8).
    pub key: String,
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn new() -> Result<Self, RigError> {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let name = &mut parameters.distinguished_name;
        name.push(DnType::CommonName, "the rig's authority");
        let key = KeyPair::generate().map_err(failed)?;
        CertifiedIssuer::self_signed(parameters, key)
            .map(Self)
            .map_err(failed)
    }

    /// What its certificates are trusted by, in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a server of these names, from a month ago until 90 days from now.
    ///
    /// # Errors
    /// When a name is none.
    pub fn certify(&self, names: &[&str]) -> Result<Certified, RigError> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut parameters = CertificateParams::new(names).map_err(failed)?;
        let now = time::OffsetDateTime::now_utc();
        parameters.not_before = now - time::Duration::days(30);
        parameters.not_after = now + time::Duration::days(90);
        let key = KeyPair::generate().map_err(failed)?;
        let made = parameters.signed_by(&key, &self.0).map_err(failed)?;
        Ok(Certified {
            certificate: made.pem(),
            key: key.serialize_pem(),
        })
    }
}

fn failed(error: rcgen::Error) -> RigError {
    RigError::unexpected("the rig's certificate authority", error.to_string())
}
