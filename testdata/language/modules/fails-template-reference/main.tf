locals {
  b = 1
  a = templatefile("${path.module}/x.tftpl", {})
}
