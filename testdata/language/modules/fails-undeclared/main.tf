locals {
  a = var.nothing
}
