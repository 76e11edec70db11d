//! The image: what its recipe promises. `.ci/run` builds it where buildah is.

use std::fs;

use super::blocks;
use crate::support::root;

#[test]
fn the_recipe_holds_the_program_alone_and_no_root() {
    let text = fs::read_to_string(root().join("Containerfile")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(lines.iter().filter(|line| line.starts_with("FROM ")).collect::<Vec<_>>(), [&"FROM scratch"]);
    assert_eq!(lines.iter().filter(|line| line.starts_with("COPY ") || line.starts_with("ADD ")).count(), 1);
    assert!(!lines.iter().any(|line| line.starts_with("RUN ")), "there is no shell");
    let user = lines.iter().find_map(|line| line.strip_prefix("USER ")).unwrap();
    let (user, group) = user.split_once(':').unwrap();
    assert!(
        user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0,
        "a number, so that it can be told from root"
    );
    assert!(lines.contains(&"ENTRYPOINT [\"/openai-data-controls\"]"));
    let commands = &blocks("container.md", "sh")[0];
    for line in commands.lines() {
        let shown = line.trim().replace("--tag", "-t");
        assert!(text.contains(&shown), "the page and the recipe say the same: {shown}");
    }
}
