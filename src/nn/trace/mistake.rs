//! What goes wrong in programs, as changes of one update.

/// Declares the mistakes, each with a name for scripts, a title, the wrong line and the right one.
macro_rules! mistakes {
    ($($(#[$doc:meta])* $mistake:ident: $name:literal, $title:literal, $wrong:literal, $right:literal;)+) => {
        /// A mistake that is often made when a back-propagation network gets a softmax output.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Mistake {
            $($(#[$doc])* $mistake,)+
        }

        impl Mistake {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$mistake),+];

            /// A name for scripts.
            pub fn name(self) -> &'static str {
                match self { $(Self::$mistake => $name),+ }
            }

            /// A few words for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$mistake => $title),+ }
            }

            /// The line as it stands in programs with the mistake.
            pub fn wrong_line(self) -> &'static str {
                match self { $(Self::$mistake => $wrong),+ }
            }

            /// The line as it should be.
            pub fn right_line(self) -> &'static str {
                match self { $(Self::$mistake => $right),+ }
            }
        }
    };
}

mistakes! {
    /// One activation function serves all layers.
    HiddenSoftmax: "hidden-softmax", "softmax in the hidden layer, too",
        "h = softmax(a)", "h[j] = sigmoid(a[j]); softmax belongs to the output layer alone";
    /// The sum of softmax runs over the examples.
    BatchSoftmax: "batch-softmax", "softmax over the examples of the batch, not over the classes",
        "p[n][k] = e^z[n][k] / (sum over all examples m of e^z[m][k])",
        "p[n][k] = e^z[n][k] / (sum over all classes j of e^z[n][j])";
    /// The sum of softmax has one term.
    SingleOutput: "single-output-softmax", "softmax over a single output, which is always 1, so that the error cannot move",
        "one output unit; p = softmax(z) = e^z / e^z = 1",
        "one output unit with p = sigmoid(z), or two output units with softmax; the delta is p - y in both";
    /// The slope of a sigmoid is taken for the derivative of softmax.
    Diagonal: "diagonal-jacobian", "only the diagonal of the Jacobian",
        "delta[k] = (p[k] - y[k]) * p[k] * (1 - p[k])", "delta[k] = p[k] - y[k]";
    /// The product with the Jacobian is taken of what contains it already.
    JacobianTwice: "jacobian-twice", "the Jacobian and p - y both, though p - y contains the Jacobian already",
        "delta = J * (p - y)", "delta = p - y";
    /// The loss is the squared error of the softmax.
    SquaredError: "squared-error", "squared error through softmax in place of cross-entropy",
        "delta = J * (p - y), the gradient of sum (p - y)^2 / 2", "delta = p - y, the gradient of -ln p[c]";
    /// The step goes up.
    Sign: "wrong-sign", "the sign: the step goes up the error, not down",
        "w += rate * v with delta = p - y, or w -= rate * v with delta = y - p",
        "w -= rate * v with delta = p - y, or w += rate * v with delta = y - p";
    /// The error is a mean, its gradient a sum.
    MissingDivision: "missing-division", "the gradient of the mean error is not divided by the number of examples N",
        "delta[n][k] = p[n][k] - y[n][k]", "delta[n][k] = (p[n][k] - y[n][k]) / N";
    /// Output weights change before the hidden deltas are computed by them.
    LateDeltas: "late-deltas", "hidden deltas computed after the output weights were updated",
        "update w2; then delta1 from the new w2", "all deltas first, from the old weights; then all updates";
    /// The velocity is lost between updates.
    ForgetfulMomentum: "forgetful-momentum", "momentum that forgets: the old velocity does not count",
        "v = gradient, or v starts at 0 in every update", "v = factor * v + gradient, with v kept between updates";
    /// Probabilities go through softmax again.
    DoubleSoftmax: "double-softmax", "softmax applied twice",
        "p = softmax(softmax(z)), or a loss that applies softmax to probabilities", "p = softmax(z), once";
    /// Targets are class numbers or other codes.
    NotOneHot: "not-one-hot", "labels that are not one-hot",
        "y[n][k] = the number of the class, the same in every column", "y[n][k] = 1 for the class of example n, else 0";
    /// Targets belong to other rows or columns.
    WrongOrder: "targets-in-wrong-order", "targets in the wrong order",
        "row n of y belongs to another example, or column k to another class",
        "row n of y belongs to row n of the inputs, column k to output k";
}

/// Which slope a program takes for hidden units that became a softmax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HiddenSlope {
    /// That of the activation which stood there before.
    Own,
    /// `h (1 - h)`.
    Diagonal,
    /// The whole Jacobian: the derivative is right.
    Jacobian,
}

/// What stands in the place of one-hot targets for the class c, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// c in every column.
    Number,
    /// c + 1 in every column.
    NumberFromOne,
    /// c + 1 in column c, else 0.
    NumberInPlace,
    /// 1 and -1.
    PlusMinus,
    /// 0.9 and 0.1, which suited sigmoids.
    Tenths,
}

/// Where a target came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Row n has the target of the n-th of these rows.
    Rows(Vec<usize>),
    /// Column k has what belongs to the k-th of these columns.
    Columns(Vec<usize>),
}

/// A mistake in one of the forms in which programs make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variation {
    /// [`Mistake::HiddenSoftmax`].
    HiddenSoftmax(HiddenSlope),
    /// [`Mistake::BatchSoftmax`].
    BatchSoftmax,
    /// [`Mistake::SingleOutput`].
    SingleOutput,
    /// [`Mistake::Diagonal`]: of `p - y`, or of the derivative `-y / p` of cross-entropy.
    Diagonal {
        /// Whether it multiplies `-y / p`.
        of_entropy: bool,
    },
    /// [`Mistake::JacobianTwice`].
    JacobianTwice,
    /// [`Mistake::SquaredError`].
    SquaredError,
    /// [`Mistake::Sign`]: of the step, or of the output deltas.
    Sign {
        /// Whether the output deltas have the wrong sign, and all that follows from them.
        of_deltas: bool,
    },
    /// [`Mistake::MissingDivision`].
    MissingDivision,
    /// [`Mistake::LateDeltas`].
    LateDeltas,
    /// [`Mistake::ForgetfulMomentum`]: the velocity is reset, or computed and not used.
    ForgetfulMomentum {
        /// Whether it is computed as it should be.
        is_computed: bool,
    },
    /// [`Mistake::DoubleSoftmax`].
    DoubleSoftmax {
        /// Whether the probabilities that the program shows are those of the second softmax.
        is_shown: bool,
        /// Whether the gradient goes back through both.
        is_chained: bool,
    },
    /// [`Mistake::NotOneHot`].
    NotOneHot(Coding),
    /// [`Mistake::WrongOrder`].
    WrongOrder(Order),
}

impl Variation {
    /// The mistake.
    pub fn mistake(&self) -> Mistake {
        match self {
            Self::HiddenSoftmax(_) => Mistake::HiddenSoftmax,
            Self::BatchSoftmax => Mistake::BatchSoftmax,
            Self::SingleOutput => Mistake::SingleOutput,
            Self::Diagonal { .. } => Mistake::Diagonal,
            Self::JacobianTwice => Mistake::JacobianTwice,
            Self::SquaredError => Mistake::SquaredError,
            Self::Sign { .. } => Mistake::Sign,
            Self::MissingDivision => Mistake::MissingDivision,
            Self::LateDeltas => Mistake::LateDeltas,
            Self::ForgetfulMomentum { .. } => Mistake::ForgetfulMomentum,
            Self::DoubleSoftmax { .. } => Mistake::DoubleSoftmax,
            Self::NotOneHot(_) => Mistake::NotOneHot,
            Self::WrongOrder(_) => Mistake::WrongOrder,
        }
    }

    /// All forms of all mistakes, for so many rows of so many classes.
    pub fn all(n_rows: usize, n_classes: usize) -> Vec<Self> {
        let mut all = vec![
            Self::HiddenSoftmax(HiddenSlope::Own),
            Self::HiddenSoftmax(HiddenSlope::Diagonal),
            Self::HiddenSoftmax(HiddenSlope::Jacobian),
            Self::BatchSoftmax,
            Self::Diagonal { of_entropy: false },
            Self::Diagonal { of_entropy: true },
            Self::JacobianTwice,
            Self::SquaredError,
            Self::Sign { of_deltas: false },
            Self::Sign { of_deltas: true },
            Self::MissingDivision,
            Self::LateDeltas,
            Self::ForgetfulMomentum { is_computed: false },
            Self::ForgetfulMomentum { is_computed: true },
        ];
        if n_classes == 1 {
            all.push(Self::SingleOutput);
        }
        for (is_shown, is_chained) in [(true, false), (false, false), (true, true), (false, true)] {
            all.push(Self::DoubleSoftmax { is_shown, is_chained });
        }
        all.extend(
            [
                Coding::Number,
                Coding::NumberFromOne,
                Coding::NumberInPlace,
                Coding::PlusMinus,
                Coding::Tenths,
            ]
            .map(Self::NotOneHot),
        );
        let orders = orders(n_classes).into_iter().map(Order::Columns);
        all.extend(orders.chain(orders_of_rows(n_rows)).map(Self::WrongOrder));
        all
    }
}

fn orders_of_rows(n_rows: usize) -> impl Iterator<Item = Order> {
    orders(n_rows).into_iter().map(Order::Rows)
}

/// All orders of a few things but the right one; of more than five, the reversed one, those that begin a little later, and
/// swaps of two of the first.
fn orders(n: usize) -> Vec<Vec<usize>> {
    let right: Vec<usize> = (0..n).collect();
    let mut orders = vec![right.iter().rev().copied().collect()];
    if n <= 5 {
        orders = vec![Vec::new()];
        for next in 0..n {
            let places = orders.iter().flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, next);
                    longer
                })
            });
            orders = places.collect();
        }
    } else {
        for shift in 1..n.min(17) {
            orders.push((0..n).map(|at| (at + shift) % n).collect());
        }
        // Swaps of thousands of rows would be millions of candidates.
        for (a, b) in (0..n.min(16)).flat_map(|b| (0..b).map(move |a| (a, b))) {
            let mut order = right.clone();
            order.swap(a, b);
            orders.push(order);
        }
    }
    orders.retain(|order| *order != right);
    orders
}
