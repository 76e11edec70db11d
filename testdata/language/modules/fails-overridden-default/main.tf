variable "v" {
  type    = number
  default = 1
}

locals {
  a = var.v
}
