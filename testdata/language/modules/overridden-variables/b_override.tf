variable "through_three" {
  type = any
}

variable "later_default" {
  type = any
}
