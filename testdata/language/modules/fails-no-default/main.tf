variable "v" {
  type    = number
  default = "many"
}

locals {
  a = var.v
}
