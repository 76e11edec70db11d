locals {
  marker_inside = <<EOT
EOTX
 EOT more
XEOT
EOT
}
