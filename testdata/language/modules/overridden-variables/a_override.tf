variable "defaults_stay" {
  type = object({ region = optional(string), n = optional(number, 2) })
}

variable "defaults_stay_in_collections" {
  type = map(object({ region = optional(string, "US"), n = optional(number) }))
}

variable "no_defaults_come" {
  type = object({ a = number, b = optional(string, "given") })
}

variable "to_map" {
  type = map(any)
}

variable "to_any" {
  type = any
}

variable "list_to_any" {
  type = any
}

variable "set_to_list" {
  type = list(string)
}

variable "object_to_any" {
  type = any
}

variable "through_three" {
  type = string
}

variable "later_default" {
  default = [1, true]
}

variable "only_default" {
  default = { b = "x" }
}

variable "only_type" {
  type = set(number)
}
