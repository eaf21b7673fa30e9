use serde::Serialize;

/// The middle of some figures, and how far they spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Quartiles {
    /// A quarter of the figures is below this.
    pub(crate) low: f64,
    /// Half of them are below this.
    pub(crate) median: f64,
    /// Three quarters are below this.
    pub(crate) high: f64,
}

impl Quartiles {
    /// Of these figures; all 0 when there are none.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self {
            low: quantile(&sorted, 0.25),
            median: quantile(&sorted, 0.5),
            high: quantile(&sorted, 0.75),
        }
    }
}

/// The value below which this share of sorted figures lies, by linear interpolation between the two next to it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "indices of a few million figures"
)]
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = sorted.len().saturating_sub(1) as f64 * share;
    let at = |index: f64| sorted.get(index as usize).copied().unwrap_or_default();
    let (below, above) = (at(place.floor()), at(place.ceil()));
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_figures_where_they_must() {
        let quartiles = Quartiles::of([4.0, 1.0, 3.0, 2.0, 5.0]);
        assert_eq!(
            quartiles,
            Quartiles {
                low: 2.0,
                median: 3.0,
                high: 4.0
            }
        );
        assert!((Quartiles::of([1.0, 2.0]).median - 1.5).abs() < 1e-9);
        assert_eq!(Quartiles::of([]), Quartiles::default());
    }
}
