package openai.listings_test

import rego.v1

import data.openai.listings
import data.openai.testing_test as t

_row(extra) := object.union({"models_scope": "listed", "models": [], "storage_regions": ["EU"]}, extra)

test_models_in if {
	rows := [
		_row({"models": ["a", "b"], "model_region_limits": {"b": ["US"]}}),
		_row({"models": ["c"], "storage_regions": ["US"]}),
		_row({"models": ["d"], "models_scope": "service_level"}),
	]
	listings.in_region(rows, "EU") == {"a"}
	listings.in_any_region(rows) == {"a", "b", "c"}
}

test_snapshots if {
	listed := {"gpt-4-0613", "gpt-4-turbo-2024-04-09", "text-007", "omni-latest", "gpt-4-2025-04-14", "gpt-4-06131"}
	listings.snapshots(listed, "gpt-4") == {"gpt-4-0613", "gpt-4-2025-04-14"}
	listings.snapshots(listed, "text") == set()
	listings.snapshots(listed | {"gpt-4"}, "gpt-4") == {"gpt-4-0613", "gpt-4-2025-04-14"}
	listings.aliases(listed, {"gpt-4"}) == {"gpt-4-turbo"}
}

test_snapshots_of_a_name_that_is_itself_listed if {
	listed := {"gpt-4", "gpt-4-0613", "omni-latest"}
	listings.snapshots(listed, "gpt-4") == {"gpt-4-0613"}
	listings.snapshots(listed, "gpt-4-0613") == set()
	listings.snapshots(listed, "omni-latest") == set()
}

test_standing if {
	listed := {"a-2029-01-01", "b"}
	anywhere := listed | {"c", "c-0101"}
	listings.standing(listed, anywhere, "b") == "listed"
	listings.standing(listed, anywhere, "a") == "alias"
	listings.standing(listed | {"c-0101"}, anywhere, "c") == "absent"
	listings.standing(listed, anywhere, "ft:b:x::1") == "fine_tuned"
	listings.standing(listed, anywhere, "ft:z:x::1") == "absent"
	listings.standing(listed, anywhere, "ft") == "absent"
	listings.standing(listed, anywhere, "z") == "absent"
}

test_colon_is_not_yet_fine_tuning if listings.standing({"b"}, {"b"}, "xx:b:y") == "absent"

test_asking_looks_at_rows_in_the_region_that_list_models if {
	rows := [
		_row({"models": ["a"], "paths_without_model": ["/v1/x"]}),
		_row({"models": ["a"], "storage_regions": ["US"]}),
		_row({"models_scope": "service_level"}),
	]
	doc := object.union(
		t.use({"endpoint": "/v1/x", "region": "EU"}),
		{"edition": {"services": {"by_path": {"/v1/x": rows}}}},
	)
	listing := listings.listing with input as doc
	asking := listings.asking with input as doc
	listing == {["/v1/x", "EU"]}
	count(asking) == 0
}
