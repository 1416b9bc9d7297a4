//! What a limit of familiarity promises.

use super::Inspector;

impl Inspector {
    /// What a limit of familiarity promises, and whether the good pictures show it, in a sentence without its full stop.
    pub fn promise(&self, limit: f64) -> String {
        let (n_units, enough) = (self.n_units(), Self::units_to_show(limit));
        let promised = format!(
            "of good new pictures about 1 in {:.0} is rejected (familiarity below {limit})",
            1.0 / limit
        );
        if n_units < enough {
            let n_more = enough - n_units;
            format!(
                "{promised}; that is extrapolated from {n_units} pictures or groups: {enough} would show it, so {n_more} \
                 more are enough"
            )
        } else {
            format!("{promised}, as {n_units} good pictures or groups show; {enough} are enough")
        }
    }
}
