# Which service tiers a region has, for which models.
package openai.tiers

import rego.v1

import data.openai.lib
import data.openai.listings

# [endpoint, model, region], for the models that a region has with some tiers only, and for no model: null.
limited contains [endpoint, model, limit.region] if {
	some [endpoint, limit] in _tier_limits
	some model in array.concat(limit.models, [null])
}

# [endpoint, tier], for the tiers that the edition says of where they are.
placed contains [endpoint, tier] if some [endpoint, tier, _] in _tier_regions

placed contains [endpoint, "scale"] if {
	some endpoint in _tier_endpoints
	count(_scale_rows) > 0
}

# [endpoint, tier] → [model, region], where a region does not have the tier for the model. The model "" stands for every one that
# no row names; the tiers "auto" and "unknown" stand for one that is refused.
refused[asked] contains [model, limit.region] if {
	some [endpoint, limit, tier] in _refusals
	some word in [tier, "auto", "unknown"]
	asked := [endpoint, word]
	some model in limit.models
}

refused[asked] contains [model, region] if {
	some [endpoint, tier, models] in _tier_regions
	some word in [tier, "unknown"]
	asked := [endpoint, word]
	some model in (_tier_names[endpoint] | {""})
	some region in lib.all_regions
	not region in object.get(models, model, [])
}

refused[asked] contains [model, region] if {
	count(_scale_rows) > 0
	some region in (lib.all_regions - _scale_regions)
	some endpoint in _tier_endpoints
	some word in ["scale", "unknown"]
	asked := [endpoint, word]
	some model in (object.get(_tier_names, endpoint, set()) | {""})
}

# The models that the model of a use may be, as `refused` has them.
models_of(use_of) := {_tier_name(use_of.endpoint, base), ""} if {
	is_string(use_of.model)
	base := listings.tuned_from(use_of.model)
} else := {_tier_name(use_of.endpoint, use_of.model)} if {
	is_string(use_of.model)
} else := object.get(_tier_names, use_of.endpoint, set()) | {""}

# The model of a use in a message.
model_name(use_of) := use_of.model if is_string(use_of.model)

model_name(use_of) := "any model" if not is_string(object.get(use_of, "model", null))

# [attribute, why], for what may change the tier that a use asks for, or what it may be.
doubts(use_of) := union({
	{[attribute, lib.not_known(attribute, use_of.unknown[attribute])] | some attribute in ["service_tier", "model", "region"]},
	{["service_tier", "auto may be any tier"] | use_of.service_tier == "auto"},
	{["model", lib.not_known("model", "not declared")] | use_of.model == null},
	{["model", sprintf(`"%s" is tuned from another model`, [use_of.model])] | is_string(use_of.model); listings.tuned_from(use_of.model)},
})

_tier_name(endpoint, model) := model if {
	model in object.get(_tier_names, endpoint, set())
} else := ""

# Endpoint → the models that its rows limit to tiers, or tiers to.
_tier_names := {endpoint: (_limited_models[endpoint] | _placed_models[endpoint]) |
	some endpoint in _tier_endpoints
}

_limited_models := {endpoint: models |
	some endpoint in _tier_endpoints
	models := {model | some [limited_endpoint, limit] in _tier_limits; limited_endpoint == endpoint; some model in limit.models}
}

_placed_models := {endpoint: models |
	some endpoint in _tier_endpoints
	models := {model | some [placed_endpoint, _, placed_in] in _tier_regions; placed_endpoint == endpoint; some model, _ in placed_in}
}

_tier_limits contains [endpoint, limit] if {
	some endpoint in _tier_endpoints
	some row in listings.rows_of(endpoint)
	some limit in row.service_tier_limits
}

# The Scale Tier has a row of its own.
_tier_regions contains [endpoint, tier, models] if {
	some endpoint in _tier_endpoints
	some row in listings.rows_of(endpoint)
	some tier, models in row.service_tier_regions
	tier != "scale"
}

_refusals contains [endpoint, limit, tier] if {
	some [endpoint, limit] in _tier_limits
	is_array(limit.service_tiers_allowed)
	some tier in (_tiers - {allowed | some allowed in limit.service_tiers_allowed})
}

_refusals contains [endpoint, limit, tier] if {
	some [endpoint, limit] in _tier_limits
	is_array(limit.service_tiers_forbidden)
	some tier in limit.service_tiers_forbidden
	tier != "scale"
}

_tier_endpoints := {use_of.endpoint | some use_of in input.uses; not use_of.service_tier == null}

_tiers := {"standard", "flex", "batch", "fast", "ultrafast"}

_scale_regions := {region | some row in _scale_rows; some region in row.storage_regions}

_scale_rows := object.get(input.edition.services.by_key, "scale tier", [])
