use kfwasm_config::installation::IstioVersion;

use super::StarterArgs;
use super::template::ISTIO;

impl StarterArgs {
    /// The same for the Istio that the cluster has, unless somebody has said which; whatever it is then is said.
    pub(crate) fn for_istio(&self, seen: &Result<IstioVersion, String>) -> Self {
        if self.istio.is_some() {
            return self.clone();
        }
        let istio = match seen {
            Ok(version) => {
                eprintln!("Istio {version}: the version that the cluster has");
                version.to_string()
            }
            Err(why) => {
                eprintln!(
                    "Istio {ISTIO} is assumed: {why}. If it is another, write that into kfwasm.yaml (istio)"
                );
                ISTIO.to_owned()
            }
        };
        Self {
            istio: Some(istio),
            ..self.clone()
        }
    }
}
