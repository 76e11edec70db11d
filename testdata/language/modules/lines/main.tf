# Expressions that go over several lines.
locals {
  sum = (
    1
    + 2
    # a comment between
    * 3
  )

  conditional = (
    1 > 2
    ? "more"
    : "less" // behind
  )

  chain = (
    false ? "a" :
    false ? "b" :
    /* a comment
       of two lines */
    "c"
  )

  logic = (true
    && !false
  || false)

  list = [
    1,
    "two", # two

    3,
  ]

  list_of_lists = [
    [
      1, 2
    ], [3,
    4], [
    ],
  ]

  object_lines = {
    a = 1
    b = 2, c = 3
    "d" : 4,

    # comment
    (upper("e")) = 5
    f            = { g = [] }
  }

  for_lines = [
    for x in [1, 2, 3] :
    x * 2
    if x != 2
  ]

  for_object = {
    for k, v in {
      a = 1
      b = 2
    } : k => v...
  }

  call = join(
    "-",
    [
      "a",
      "b",
    ],
  )

  call_expand = merge([
    { a = 1 },
    { b = 2 },
  ]...)

  index = [
    "a", "b"
    ][
    1
  ]

  splat = [
    { a = 1 },
    { a = 2 },
  ][*].a

  nested = {
    list = [for i in range(3) : {
      index = i
      even  = i % 2 == 0
    }]
    text = "a ${
      1 +
      2
    } b"
  }

  template_lines = "x${[
    for s in ["a"] : s
  ][0]}y"
}
