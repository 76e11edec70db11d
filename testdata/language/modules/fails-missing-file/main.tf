locals {
  a = file("${path.module}/nothing.txt")
}
