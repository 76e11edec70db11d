# Lines end with CR LF here.
locals {
  plain = <<EOT
a
  b
EOT

  flush = <<-EOT
    a
      b

    c
  EOT

  directives = <<-EOT
    %{ for x in ["a", "b"] ~}
    - ${x}
    %{ endfor ~}
    end
  EOT

  trimmed = <<EOT
a
  ${~ "b" ~}
c
EOT

  list = [
    1, # one
    2,
  ]

  text = "a\r\nb"

  sum = (1
    + 2)
}
