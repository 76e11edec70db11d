#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openai_data_controls_fuzz::run("evaluator", data));
