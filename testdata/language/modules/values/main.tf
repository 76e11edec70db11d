# Locals that refer to each other and to variables with defaults.
variable "size" {
  type    = number
  default = "5"
}

variable "names" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "settings" {
  type = object({
    name  = string
    ports = optional(list(number), [80])
    tags  = optional(map(string))
    inner = optional(object({
      on = optional(bool, true)
    }), {})
  })
  default = {
    name  = 12
    extra = "dropped"
  }
}

variable "many" {
  type = map(object({
    cidr = string
    zone = optional(string, "a")
  }))
  default = {
    one = { cidr = "10.0.0.0/24" }
    two = { cidr = "10.0.1.0/24", zone = null }
  }
}

variable "open" {
  default = [1, "a", { b = null }]
}

variable "open_list" {
  type    = list(any)
  default = [1, "a", true]
}

variable "open_map" {
  type    = map(any)
  default = { a = 1, b = 2 }
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "nothing" {
  type    = string
  default = null
}

variable "not_null" {
  type     = string
  default  = "given"
  nullable = false
}

variable "secret" {
  type      = string
  default   = "s3cret"
  sensitive = true
}

locals {
  size         = var.size
  double       = var.size * 2
  names        = var.names
  names_list   = tolist(var.names)
  settings     = var.settings
  ports        = [for p in var.settings.ports : p + 1]
  many         = var.many
  zones        = { for k, v in var.many : k => v.zone }
  all_cidrs    = [for v in var.many : v.cidr]
  values_cidrs = values(var.many)[*].cidr
  open         = var.open
  open_list    = var.open_list
  open_map     = var.open_map
  pair         = var.pair
  nothing      = var.nothing
  is_nothing   = var.nothing == null
  not_null     = var.not_null
  secret       = var.secret
  with_secret  = "pw=${var.secret}"
  secret_part  = { a = var.secret, b = 1 }
  no_secret    = nonsensitive(length(var.secret))
  later        = local.earlier + 1
  earlier      = local.earliest + 1
  earliest     = 1
  deep         = local.tree.a[0].b["c"]
  tree         = { a = [{ b = { c = "leaf" } }] }
  chosen       = var.size > 3 ? local.tree : null
  either       = var.size > 3 ? var.names : toset(["x"])
  workspace    = terraform.workspace
  grouped      = { for k, v in var.many : coalesce(v.zone, "none") => k... }
  fallback     = try(var.settings.tags["missing"], var.settings.tags, "none")
  merged       = merge(local.tree, { a = null }, var.open_map)
  product      = [for p in setproduct(var.names, ["x", "y"]) : join("/", p)]
  tern         = var.nothing == null ? "none" : upper(var.nothing)
}
