use openai_data_controls::*;
use std::time::Instant;
fn main() {
    for _ in 0..3 {
        let t = Instant::now();
        let (p, _) = policy::PolicySet::load(&policy::embedded());
        let a = t.elapsed();
        let t = Instant::now();
        let (e, _) = edition::choose(None).unwrap();
        let b = t.elapsed();
        let t = Instant::now();
        let ef = edition::EditionFacts::new(&e);
        let c = t.elapsed();
        let path = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
        let t = Instant::now();
        let i = input::read(
            &[path],
            &mut std::io::empty(),
            ef,
            "2026-11-22",
            &input::Options {
                working_directory: std::env::current_dir().unwrap(),
                ..Default::default()
            },
        );
        let d = t.elapsed();
        let t = Instant::now();
        let f = serde_json::to_string(&i.facts).unwrap();
        let g = t.elapsed();
        let t = Instant::now();
        let (o, _) = p.evaluate(&f);
        let h = t.elapsed();
        let t = Instant::now();
        let v = verdict::judge(p.rules(), &o, &i.facts, &i.map, false);
        let j = t.elapsed();
        println!(
            "load {a:?} edition {b:?} keyed {c:?} read {d:?} ser {g:?} ({} bytes) eval {h:?} judge {j:?} findings {}",
            f.len(),
            v.findings.len()
        );
    }
}
