package openai.acme.regions_test

import rego.v1

import data.openai.acme.regions as rule
import data.openai.testing_test as t

test_eu if count(rule.deny) == 0 with input as t.project({"region": "EU"})

test_us if count(rule.deny) == 1 with input as t.project({"region": "US"})
