//! The floor for anything that must look at every byte of a JSON file: reads it and passes over it.
//!
//! `cargo run --release --example skip -- plan.json`

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: skip FILE")?;
    let bytes = std::fs::read(path)?;
    serde_json::from_slice::<serde::de::IgnoredAny>(&bytes)?;
    Ok(())
}
