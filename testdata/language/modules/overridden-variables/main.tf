# The types and defaults of variables, overridden: a default is converted in each file, defaults of optional attributes stay
# those of the block that is overridden.

variable "defaults_stay" {
  type    = object({ region = optional(string, "EU"), n = optional(number) })
  default = {}
}

variable "defaults_stay_in_collections" {
  type    = map(object({ region = optional(string, "EU") }))
  default = { a = {} }
}

variable "no_defaults_come" {
  type    = map(string)
  default = { a = "1" }
}

variable "to_map" {
  type    = object({ a = number, b = optional(string, "given") })
  default = { a = "1" }
}

variable "to_any" {
  type    = map(any)
  default = { a = "1", b = true }
}

variable "list_to_any" {
  type    = list(string)
  default = [1, "a", true]
}

variable "set_to_list" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "object_to_any" {
  type    = object({ a = number })
  default = { a = 1, b = 2 }
}

variable "through_three" {
  type    = number
  default = 1.50
}

variable "later_default" {
  type    = list(string)
  default = []
}

variable "only_default" {
  type    = object({ a = optional(string, "given"), b = optional(string) })
  default = {}
}

variable "only_type" {
  default = ["1", "2"]
}

locals {
  defaults_stay                = var.defaults_stay
  defaults_stay_in_collections = var.defaults_stay_in_collections
  no_defaults_come             = var.no_defaults_come
  to_map                       = var.to_map
  to_any                       = var.to_any
  list_to_any                  = var.list_to_any
  set_to_list                  = var.set_to_list
  object_to_any                = var.object_to_any
  through_three                = var.through_three
  later_default                = var.later_default
  only_default                 = var.only_default
  only_type                    = var.only_type
}
