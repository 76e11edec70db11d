edition = "2026-03"
