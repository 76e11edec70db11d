edition = "edition.json"
