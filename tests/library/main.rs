//! The library: its oracles, laws, engines and mechanics. One program, so that the library is linked once for all.

mod bpnn;
mod common;
mod damaged;
mod doctor;
mod engines_agree;
mod feature_docs;
mod gradient_check;
mod in_memory;
mod invariant_descriptors;
mod invariant_families;
mod invariant_texture;
mod learning_numbers;
mod no_allocation;
mod oracle_batch_norm;
mod oracle_descriptors_numpy;
mod oracle_filters_imageproc;
mod oracle_glcm_mahotas;
mod oracle_glcm_skimage;
mod oracle_ibsi;
mod oracle_lbp_exact;
mod oracle_lbp_imageproc;
mod oracle_lbp_peers;
mod oracle_nn;
mod oracle_optimizers;
mod oracle_softmax_regression;
mod oracle_worked_examples;
mod properties;
#[path = "../../src/sweep.rs"]
mod sweep;
mod vanishing_gradients;
mod windows_share_work;
