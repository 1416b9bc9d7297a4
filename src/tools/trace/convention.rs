//! In which a program may differ and be right.

/// How a program writes what others write otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Convention {
    pub sign: Sign,
    /// Whether deltas are divided by N only in the gradients.
    pub has_whole_deltas: bool,
    pub velocity: Velocity,
    pub loss: LossForm,
}

/// The sign of deltas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// `p - y`.
    Plain,
    /// `y - p` in deltas, gradients and steps.
    Negative,
    /// `y - p` in deltas alone.
    NegativeDeltas,
}

/// What a velocity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Velocity {
    /// `v = m v + g`, `w -= rate v`.
    Plain,
    /// `v = m v - g`, `w += rate v`.
    Negative,
    /// `v = m v - rate g`, `w += v`.
    WithRate,
    /// `v = m v + rate g`, `w -= v`.
    AgainstRate,
}

/// What stands under `loss`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LossForm {
    /// The mean over the rows.
    Mean,
    /// The sum over the rows.
    Sum,
    /// A multiple of the sum of squared errors: a half or not, divided by N, by N K or not.
    Squared { is_half: bool, divided_by: Divisor },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Divisor {
    One,
    Rows,
    Numbers,
}

impl Velocity {
    pub const ALL: [Self; 4] = [Self::Plain, Self::Negative, Self::WithRate, Self::AgainstRate];

    /// What our velocity is multiplied by.
    pub fn factor(self, rate: f64) -> f64 {
        match self {
            Self::Plain => 1.0,
            Self::Negative => -1.0,
            Self::WithRate => -rate,
            Self::AgainstRate => rate,
        }
    }
}

impl Convention {
    pub const PLAIN: Self = Self {
        sign: Sign::Plain,
        has_whole_deltas: false,
        velocity: Velocity::Plain,
        loss: LossForm::Mean,
    };

    /// All with a velocity, the simplest first.
    pub fn all(velocity: Velocity) -> Vec<Self> {
        let mut losses = vec![LossForm::Mean, LossForm::Sum];
        for divided_by in [Divisor::Rows, Divisor::One, Divisor::Numbers] {
            losses.extend([true, false].map(|is_half| LossForm::Squared { is_half, divided_by }));
        }
        let mut all = Vec::new();
        for sign in [Sign::Plain, Sign::Negative, Sign::NegativeDeltas] {
            for has_whole_deltas in [false, true] {
                let of = |&loss: &LossForm| Self { sign, has_whole_deltas, velocity, loss };
                all.extend(losses.iter().map(of));
            }
        }
        all.sort_by_key(Self::oddity);
        all
    }

    /// In how many ways it differs from how this project writes.
    pub fn oddity(&self) -> usize {
        let plain = Self::PLAIN;
        usize::from(self.sign != plain.sign)
            + usize::from(self.has_whole_deltas)
            // A negative velocity goes with negative gradients.
            + usize::from(self.velocity != plain.velocity && !self.is_negative())
            + usize::from(self.loss != plain.loss)
            // The squared error is the less likely.
            + usize::from(matches!(self.loss, LossForm::Squared { .. }))
    }

    fn is_negative(&self) -> bool {
        (self.sign, self.velocity) == (Sign::Negative, Velocity::Negative)
    }

    /// What our number under a name is multiplied by, for N rows and a rate. The loss is not among them.
    pub fn factor(&self, name: &str, n_rows: f64, rate: f64) -> f64 {
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if ends(&["_velocity", "_velocity_before", "_moment", "_moment_before"]) {
            return self.velocity.factor(rate);
        }
        if ends(&["_gradient", "_step"]) {
            return if self.sign == Sign::Negative { -1.0 } else { 1.0 };
        }
        if ends(&["deltas", "_back"])
            || ["probability_gradients", "jacobian_product"].contains(&name)
        {
            let whole = if self.has_whole_deltas { n_rows } else { 1.0 };
            return if self.sign == Sign::Plain { whole } else { -whole };
        }
        1.0
    }

    /// What to say of it.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        match self.sign {
            Sign::Plain => {}
            Sign::Negative => {
                words.push("deltas and gradients are y - p: the weights must be updated with +=")
            }
            Sign::NegativeDeltas => {
                words.push("deltas are y - p, gradients p - y: the weights must be updated with -=")
            }
        }
        if self.has_whole_deltas {
            words.push("deltas are not divided by N; the gradients must be");
        }
        match self.velocity {
            Velocity::Plain => {}
            Velocity::Negative if self.is_negative() => {}
            Velocity::Negative => words.push("the velocity has the other sign: w += rate * v"),
            Velocity::WithRate => {
                words.push("the velocity contains the rate: v = m v - rate g, w += v")
            }
            Velocity::AgainstRate => {
                words.push("the velocity contains the rate: v = m v + rate g, w -= v")
            }
        }
        match self.loss {
            LossForm::Mean => {}
            LossForm::Sum => words.push("the loss is a sum over the examples, not their mean"),
            LossForm::Squared { .. } => words.push(
                "the loss that is printed is a squared error; with p - y the network minimises cross-entropy, -ln p[c]",
            ),
        }
        words
    }
}
