locals {
  a = templatefile("${path.module}/x.tftpl", {})
}
