//! How often each class has each value of an attribute, and how far that tells the classes apart.

/// Classes with fewer files say nothing of the rest of their class.
pub(super) const MIN: usize = 4;

/// Counts of files: one row a class, one column a value.
#[derive(Debug, Clone)]
pub(super) struct Table {
    n_values: usize,
    counts: Vec<usize>,
    /// Of each class.
    pub classes: Vec<usize>,
    /// Of each value.
    values: Vec<usize>,
    pub n: usize,
}

/// How far an attribute tells classes apart. Of one class it is told how often a file of it has what is commoner in it
/// than in the others, less how often one of the others has that: 0 where nothing is told, 1 where all is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// The mean over the classes.
    pub mean: f64,
    /// Of the class that is told best.
    pub most: f64,
    /// Which one that is.
    pub class: usize,
}

impl Table {
    pub fn new(n_classes: usize, n_values: usize) -> Self {
        let counts = vec![0; n_classes * n_values];
        Self { n_values, counts, classes: vec![0; n_classes], values: vec![0; n_values], n: 0 }
    }

    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.classes.fill(0);
        self.values.fill(0);
        self.n = 0;
    }

    pub fn add(&mut self, class: usize, value: usize) {
        self.counts[class * self.n_values + value] += 1;
        self.classes[class] += 1;
        self.values[value] += 1;
        self.n += 1;
    }

    /// The counts of a class by value.
    pub fn row(&self, class: usize) -> &[usize] {
        &self.counts[class * self.n_values..][..self.n_values]
    }

    /// How far it tells classes apart, by the files themselves: half the sum of the differences of the shares.
    pub fn told(&self) -> Told {
        self.over_classes(|class, inside, outside| {
            let difference = |(&here, &all): (&usize, &usize)| {
                (here as f64 / inside - (all - here) as f64 / outside).abs()
            };
            self.row(class).iter().zip(&self.values).map(difference).sum::<f64>() / 2.0
        })
    }

    /// The same by files that are left out in turn: values that are rare then tell nothing.
    pub fn told_left_out(&self) -> Told {
        self.over_classes(|class, inside, outside| {
            let mut right = [0.0; 2];
            for (&here, &all) in self.row(class).iter().zip(&self.values) {
                let (here, there) = (here as f64, (all - here) as f64);
                // A file of the class is left out of the first share, one of the others of the second.
                right[0] += here * preferred((here - 1.0) / (inside - 1.0), there / outside);
                right[1] += there * preferred((there - 1.0) / (outside - 1.0), here / inside);
            }
            right[0] / inside + right[1] / outside - 1.0
        })
    }

    /// Classes that are large enough, and leave others: of each its number, its files and those of the others.
    fn over_classes(&self, told: impl Fn(usize, f64, f64) -> f64) -> Told {
        let is_large = |n: usize| MIN <= n && MIN <= self.n - n;
        let (mut sum, mut count) = (0.0, 0);
        let mut most = Told { mean: 0.0, most: 0.0, class: 0 };
        for class in (0..self.classes.len()).filter(|&class| is_large(self.classes[class])) {
            let n = self.classes[class];
            let told = told(class, n as f64, (self.n - n) as f64);
            sum += told;
            count += 1;
            if most.most < told {
                most = Told { most: told, class, ..most };
            }
        }
        Told { mean: sum / f64::from(count.max(1)), ..most }
    }

    /// How many files are given their class by the value alone, each left out in turn: that which most others of its
    /// value are of, or else most others. Of classes that are equal with the file or without it, each counts its part, so
    /// that leaving out decides nothing by itself.
    pub fn n_right(&self) -> f64 {
        let mut sum = 0.0;
        for class in 0..self.classes.len() {
            for (value, &n) in self.row(class).iter().enumerate().filter(|(_, n)| **n != 0) {
                let share = if self.values[value] == 1 {
                    self.share_right(class, |other| self.classes[other])
                } else {
                    self.share_right(class, |other| self.row(other)[value])
                };
                sum += n as f64 * share;
            }
        }
        sum
    }

    /// The chance that a file of a class is given it where the commonest class is guessed by some counts.
    fn share_right(&self, class: usize, count: impl Fn(usize) -> usize) -> f64 {
        let own = count(class);
        let others = (0..self.classes.len()).filter(|&other| other != class).map(count);
        let (mut most, mut n_most) = (0, 0);
        for count in others {
            match count.cmp(&most) {
                std::cmp::Ordering::Greater => (most, n_most) = (count, 1),
                std::cmp::Ordering::Equal => n_most += 1,
                std::cmp::Ordering::Less => {}
            }
        }
        if own < most {
            0.0
        } else if own <= most + 1 {
            1.0 / f64::from(n_most + 1)
        } else {
            1.0
        }
    }
}

/// 1 where the first share is larger, a half where both are equal.
fn preferred(one: f64, other: f64) -> f64 {
    match one.total_cmp(&other) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
}
