edition = "2025-06"
