locals {
  empty = <<EOT
EOT

  after = <<EOT
text
EOT
}
