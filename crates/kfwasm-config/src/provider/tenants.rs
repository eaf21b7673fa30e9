use super::issuer::Issuer;
use super::tenant_id::TenantId;
use crate::read::elements::Elements;
use crate::read::object::Object;

pub(super) const MOST: usize = 128;

/// Reads the tenants that are let in: some when the issuer stands for many, none when it is of one.
///
/// Without them, every tenant of the world could sign in.
pub(super) fn read(object: &mut Object<'_>, issuer: Option<&Issuer>) -> Elements<TenantId> {
    let tenants = object.list("tenants", &[], 0..=MOST, &TenantId::parse);
    match issuer.map(Issuer::has_many_tenants) {
        Some(true) if tenants.is_empty() => object.refuse(
            "tenants",
            "is empty, and tokens of every tenant come from this issuer",
            "write the ids of the tenants that are let in, or the issuer of one tenant",
        ),
        Some(false) if !tenants.is_empty() => object.refuse(
            "tenants",
            "is of no use: this issuer is of one tenant",
            "remove it, or write {tenantid} in the issuer where the provider does",
        ),
        _ => {}
    }
    tenants
}
