//! The real parts do what the other tests take for granted.

use kfwasm_rig::{Parts, UserAgent, claim_port, discover};

use crate::stage::{Shown, stage};

#[test]
fn the_gateway_serves_with_the_module() -> Shown {
    let rig = stage()?;
    let page = UserAgent::new().visit(&rig.at("/public/about"))?;
    assert_eq!(page.status, 200);
    let accepted = "extension_config_discovery.http_filter.kfwasm.update_success";
    assert_eq!(rig.gateway.stat(accepted)?, 1);
    Ok(())
}

#[test]
fn what_is_stopped_leaves_its_port_free() -> Shown {
    let rig = stage()?;
    let ports = [
        rig.gateway.port(),
        rig.provider.settings().port,
        rig.upstream.address().port(),
    ];
    drop(rig);
    for port in ports {
        claim_port(port)?;
    }
    Ok(())
}

#[test]
fn the_hosts_that_a_provider_is_called_at_are_discovered_through_envoy() -> Shown {
    let rig = stage()?;
    let hosts = discover(&Parts::from_environment()?, &rig.provider.issuer())?;
    assert_eq!(hosts, [rig.provider.host()]);
    Ok(())
}

#[test]
fn a_provider_that_is_not_there_is_named_with_an_advice() -> Shown {
    let mut rig = stage()?;
    rig.provider.pause();
    let error = discover(&Parts::from_environment()?, &rig.provider.issuer())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(&rig.provider.issuer()) && error.contains("check the issuer"),
        "{error}"
    );
    Ok(())
}

#[test]
fn the_provider_has_new_keys_after_an_outage() -> Shown {
    let mut rig = stage()?;
    let keys = format!("{}/jwks", rig.provider.issuer());
    let before = UserAgent::new().visit(&keys)?.text();
    rig.provider.resume()?;
    assert_ne!(UserAgent::new().visit(&keys)?.text(), before);
    Ok(())
}
