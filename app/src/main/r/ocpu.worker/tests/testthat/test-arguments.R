parse <- function(text) ocpu.worker:::parse_form_value(text)

test_that("the words of JSON are R's constants", {
  expect_identical(parse("true"), expression(TRUE))
  expect_identical(parse("null"), expression(NULL))
})

test_that("JSON arrays and objects become values", {
  expect_identical(parse("[1,2]"), c(1L, 2L))
  expect_identical(parse("{\"a\":\"b\"}"), list(a = "b"))
})

test_that("several expressions become one block", {
  expect_identical(eval(parse("a <- 5\na * 3")[[1]], new.env()), 15)
})

test_that("a session key stands for the session's value", {
  expect_identical(deparse(parse("x0123abc")[[1]]), "x0123abc::.val")
})

test_that("code that does not parse says so", {
  expect_error(parse("c(1,2"), "Unparsable argument: c\\(1,2")
})
