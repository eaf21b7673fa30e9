use anyhow::{Result, bail};

/// Largest module in bytes: size is start-up time, in every worker.
const BUDGET: usize = 512 * 1024;

/// One line about the size, or that it is over the budget.
pub(super) fn check(bytes: usize) -> Result<String> {
    let line = format!(
        "target/wasm/kfwasm.wasm: {} of at most {}",
        in_kib(bytes),
        in_kib(BUDGET)
    );
    if bytes > BUDGET {
        bail!(
            "{line}\n    look for the crate that grew it with `cargo tree -p kfwasm-filter --target wasm32-wasip1`"
        );
    }
    Ok(line)
}

fn in_kib(bytes: usize) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_over_the_budget_is_refused_with_its_size() {
        assert!(check(BUDGET).is_ok());
        assert!(
            check(BUDGET + 103)
                .unwrap_err()
                .to_string()
                .contains("512.1 KiB of at most 512.0 KiB")
        );
    }
}
