locals {
  plain = <<EOT
first
  second
	third
EOT

  only_blank = <<EOT

EOT

  blank_lines = <<EOT

a


b

EOT

  indented_end = <<EOT
    four
  two
    EOT

  flush = <<-EOT
    a
      b
    c
  EOT

  flush_least_wins = <<-EOT
        eight
      six
          ten
  EOT

  flush_blank_lines = <<-EOT
    a

    b
   
      c
  EOT

  flush_end_further_left = <<-EOT
    a
EOT

  flush_tabs = <<-EOT
		two tabs
			three
	EOT

  flush_mixed = <<-EOT
	  tab and two
    four
  EOT

  flush_nothing_to_take = <<-EOT
a
    b
  EOT

  flush_interpolation_first = <<-EOT
    ${"x"}
      ${"y"} z
    w
  EOT

  flush_lines_in_values = <<-EOT
    a ${"1\n      2"}
      b
  EOT

  flush_nested = <<-EOT
      outer ${<<-IN
        inner
          more
      IN
}
    end
  EOT

  quotes = <<EOT
"double" 'single' \n \t \\ \u00e9
EOT

  escapes = <<EOT
$${not} %%{not} $ % $$ %% $5 100%
EOT

  interpolated = <<EOT
${1 + 1} ${true} ${"a${"b"}"}
${join(",", ["x", "y"])}
EOT

  trimmed_left = <<EOT
a
   ${~ "b" }
c
EOT

  trimmed_right = <<EOT
a ${"b" ~}
   c
EOT

  trimmed_both = <<EOT
a

  ${~ "b" ~}

  c
EOT

  if_lines = <<EOT
%{ if true }
yes
%{ else }
no
%{ endif }
EOT

  if_trimmed = <<EOT
%{ if true ~}
yes
%{ else ~}
no
%{ endif ~}
EOT

  if_trimmed_before = <<EOT
a
%{~ if false }
b
%{~ endif }
c
EOT

  for_lines = <<EOT
%{ for x in ["a", "b"] }
- ${x}
%{ endfor }
EOT

  for_trimmed = <<EOT
%{ for x in ["a", "b"] ~}
- ${x}
%{ endfor ~}
EOT

  for_indented = <<-EOT
    list:
    %{ for i, x in ["a", "b"] ~}
      ${i}: ${x}
    %{ endfor ~}
    end
  EOT

  for_if = <<-EOT
    %{ for x in [1, 2, 3] ~}
    %{ if x % 2 == 1 ~}
    ${x}
    %{ endif ~}
    %{ endfor ~}
  EOT

  for_nothing = <<-EOT
    a
    %{ for x in [] ~}
    ${x}
    %{ endfor ~}
    b
  EOT

  comment_like = <<EOT
# not a comment
// nor this
/* nor this */
EOT

  dashes_in_marker = <<END-OF-TEXT
x
END-OF-TEXT

  unicode = <<-EOT
    é é 👩‍👩‍👧‍👦
      日本
  EOT

  no_break_space = <<-EOT
      a
      b
  EOT

  in_call = upper(<<EOT
a
EOT
  )

  in_object = {
    a = <<EOT
x
EOT
    b = 2
  }

  lines_of = split("\n", <<EOT
a
b
EOT
  )

  json = jsondecode(<<EOT
{"a": [1, 2, {"b": null}]}
EOT
  )

  trailing_spaces = <<-EOT
    a   
      b	
  EOT

  number_only = <<EOT
5
EOT

  wrapped_number = chomp(<<EOT
5
EOT
  ) + 1
}
