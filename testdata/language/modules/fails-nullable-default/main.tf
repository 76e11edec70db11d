variable "v" {
  nullable = false
  default  = null
}

locals {
  a = var.v
}
