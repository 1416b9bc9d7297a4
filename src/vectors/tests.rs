use super::{Arch, chosen};

#[test]
fn the_environment_may_ask_for_less() {
    assert!(matches!(chosen(Some("none")).unwrap(), Arch::Scalar));
    assert_eq!(format!("{:?}", chosen(None).unwrap()), format!("{:?}", Arch::new()));
    for name in ["sse", "AVX2", ""] {
        let problem = chosen(Some(name)).unwrap_err().to_string();
        assert!(problem.contains("TEXTURA_VECTORS") && problem.contains("none"), "{problem}");
    }
    #[cfg(target_arch = "x86_64")]
    if let Arch::V4(_) = Arch::new() {
        assert!(matches!(chosen(Some("avx2")).unwrap(), Arch::V3(_)));
    }
}
