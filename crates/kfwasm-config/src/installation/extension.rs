use super::IstioVersion;
use crate::read::object::Object;

choice_type! {
    /// What Istio loads the filter from.
    Extension {
        /// A WasmPlugin, which each Istio has that can run the filter.
        WasmPlugin = "wasmPlugin",
        /// A TrafficExtension, which is to take its place, since Istio 1.30.
        TrafficExtension = "trafficExtension",
    }
}

/// An older Istio knows no such thing.
pub(super) fn check(
    object: &mut Object<'_>,
    extension: Option<Extension>,
    istio: Option<IstioVersion>,
) {
    let is_wanted = extension == Some(Extension::TrafficExtension);
    if is_wanted && istio.is_some_and(|istio| istio < IstioVersion::TRAFFIC_EXTENSION) {
        object.refuse(
            "extension",
            "is trafficExtension, which needs Istio 1.30 or newer",
            "upgrade Istio, or write extension: wasmPlugin",
        );
    }
}
