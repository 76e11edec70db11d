locals {
  in_list = [<<A
one
A
    , <<-B
      two
    B
    , "three",
  ]
}
