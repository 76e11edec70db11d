use super::*;
use crate::hcl::syntax;
use crate::location::SourceMap;

fn declared(text: &str) -> Declarations {
    let mut declarations = Declarations::default();
    let file = SourceMap::default().add_file("main.tf", Arc::new(String::new()));
    assert!(declarations.add(syntax::body(text).unwrap(), file, false).is_empty());
    declarations
}

#[test]
fn a_local_is_pure_that_follows_from_variables_alone() {
    let declared =
        declared("locals {\n  a = var.v\n  b = local.a\n  c = x.y.z\n  d = [local.a, local.c]\n  e = local.none\n}\n");
    let pure: Vec<&str> = ["a", "b", "c", "d", "e"].into_iter().filter(|name| declared.is_pure(name)).collect();
    assert_eq!(pure, ["a", "b"]);
    // A chain takes no longer than its length.
    let chain: String = (1..40_000).map(|i| format!("  l{i} = local.l{}\n", i - 1)).collect();
    let declared = self::declared(&format!("locals {{\n  l0 = x.y.z\n{chain}}}\n"));
    let began = std::time::Instant::now();
    assert!(!declared.is_pure("l39999"));
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
