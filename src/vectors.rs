//! Which vector instructions the kernels use: what the processor has, or less where the environment says so.

use std::sync::OnceLock;

use pulp::{Arch, Simd, WithSimd};

use crate::error::{Error, Problem};

/// The environment variable that says which vectors are used at most: `none`, `avx2` or `avx512`. For tests and for
/// measurements; the numbers are the same with all of them.
const VARIABLE: &str = "TEXTURA_VECTORS";

/// What [`pulp::Simd`] kernels are compiled for and run with.
pub(crate) fn arch() -> Arch {
    static ARCH: OnceLock<Arch> = OnceLock::new();
    *ARCH.get_or_init(|| chosen(std::env::var(VARIABLE).ok().as_deref()).unwrap_or_default())
}

/// Runs a kernel that needs to multiply and add in one operation; gives it back where the processor has none.
pub(crate) fn dispatch_fused<Op: WithSimd>(op: Op) -> Result<Op::Output, Op> {
    match arch() {
        #[cfg(target_arch = "x86_64")]
        Arch::V3(simd) => Ok(Simd::vectorize(simd, op)),
        #[cfg(target_arch = "x86_64")]
        Arch::V4(simd) => Ok(Simd::vectorize(simd, op)),
        #[cfg(target_arch = "aarch64")]
        Arch::Neon(simd) => Ok(Simd::vectorize(simd, op)),
        _ => Err(op),
    }
}

/// Whether the processor multiplies and adds in one operation, as LETRIST is defined. Where not, its reference engine runs
/// with a function for it.
pub(crate) fn has_fused_operations() -> bool {
    !matches!(arch(), Arch::Scalar)
}

/// Whether the environment names vectors that this processor has.
///
/// # Errors
/// [`Error::Setting`] where it does not.
pub(crate) fn check() -> Result<(), Error> {
    chosen(std::env::var(VARIABLE).ok().as_deref()).map(|_| ())
}

fn chosen(name: Option<&str>) -> Result<Arch, Error> {
    let best = Arch::new();
    let found = match name {
        None => Some(best),
        Some("none") => Some(Arch::Scalar),
        #[cfg(target_arch = "x86_64")]
        Some("avx2") => pulp::x86::V3::try_new().map(Arch::V3),
        #[cfg(target_arch = "x86_64")]
        Some("avx512") => pulp::x86::V4::try_new().map(Arch::V4),
        Some(_) => None,
    };
    found.ok_or_else(|| {
        let has: &[&str] = match best {
            #[cfg(target_arch = "x86_64")]
            Arch::V4(_) => &["none", "avx2", "avx512"],
            #[cfg(target_arch = "x86_64")]
            Arch::V3(_) => &["none", "avx2"],
            _ => &["none"],
        };
        let expected = format!("{} on this processor", has.join(", "));
        let found = name.unwrap_or_default().to_owned();
        let problem = Problem::new(expected, found, "leave it out for the best there are");
        Error::setting(VARIABLE, problem)
    })
}

#[cfg(test)]
mod tests;
