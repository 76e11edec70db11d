# Forms that Terraform takes and parsers often do not.
locals {
  regions = { eu = "Europe", us = "United States", ae = "United Arab Emirates" }
  by_line = { for code, name in local.regions :
    code => name == "Europe" ?
    upper(name) :
    lower(name)
    if code != "ae"
  }
  by_operator = {
    for code, name in local.regions
    : code
    => "${name}${
      code
    }"
    # between
    if length(name)
    > 6
    && code != "x"
  }
  grouped = { # for
    for code, name in local.regions : # each
    length(code) => /* the
    name */ name... # grouped
  }
  nested = { for code, name in local.regions : code => {
    // one
    a = { for letter in split("", name) :
      letter => letter
      ... if
      letter != "e"
    }
    b = [for x in [1,
    2] : x]
    c = <<-EOT
      { for ${name} :
        EOT is not the end
      EOT
  } }
  in_collection = { for code in
    length(local.regions) > 1 ?
    ["a"] :
    ["b"] : code => true
  }
  twice         = { a = 1, b = 2, a = 3 }
  twice_quoted  = { "a b" = 1, "a b" : 2, a = 3, "a" = 4 }
  twice_colon   = { a : true ? 1 : 2, b : 2, a : false ? 3 : 4 }
  twice_inside  = { a = { a = 1, a = 2 }, b = [{ a = 3, a = 4 }], a = { a = 5 } }
  twice_letters = { A = 1, A = 2, B = 3, C = 4, a = 5, A = 6 }
  twice_text    = { é = 1, é = 2, "ü" = 3, "ü" = 4 }
  twice_line = {
    a = local.regions == {} ? 1 : 2 # a = 1
    // a = 2
    a /* key */ = /* value */ 3

    b = "a = 1, a = 2 ${{ a = 1, a = 2 }.a}"
  }
  large      = 1e400 > 1e399
  small      = 1e-400 > 0
  large_sum  = 1.5e400 + 1.5e400 == 3e400
  digits     = 123456789012345678901234567890.5
  legacy     = [10, 20].1
  comment    = /* before */ 1 # after
  minus      = /* before */ - /* between */ 1
  call       = max( # one
    1, // two
    2, /* three */ 3
  )
  conditional = (true # yes
    ? 1           // one
  : 2)            /* two */
  empty_line  = <<EOT

EOT
  empty       = <<EOT
EOT
  empty_flush = <<-EOT
    EOT
  empty_twice = [<<A
A
    , <<B
B
  ]
  starts = <<EOT
EOTX
  EOT EOT
${"EOT"} EOT
AAA BBB
EOT
  starts_flush = <<-EOT
    EOT.
      EOT: ${<<EOT
EOT1
EOT
}
    EOT
  starts_one = <<A
Abc
 aA
  A
  after_put = <<EOT
${1}EOT
x
EOT
  mark_accent = <<É
Éa
É
  text = "# no // comment /* at all */ ${"}" /* } */}"
  escapes = "$${ \" # } %%{ \\"
  braces = "${{ a = "}" }.a}"
  directive = "%{for x in ["a", /* } */ "b"]~}${x # }
  }%{endfor}"
}
