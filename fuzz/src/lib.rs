//! What the fuzz targets run: the bodies of the tests.

#[path = "../../tests/hostile/bodies.rs"]
mod bodies;

pub use bodies::run;
