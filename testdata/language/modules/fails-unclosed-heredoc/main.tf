locals {
  a = <<EOT
x
}
