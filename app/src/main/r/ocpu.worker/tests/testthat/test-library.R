test_that("a package is described and its objects are listed", {
  expect_match(body_text(ask(operation = "describe", package = "stats")), "Information on package 'stats'")
  names <- strsplit(body_text(ask(operation = "list", source = "R", package = "stats")), "\n")[[1]]
  expect_true(all(c("rnorm", "lm") %in% names))
  expect_false(any(duplicated(names)))
  expect_false(is.unsorted(tolower(gsub("[^A-Za-z0-9]", "", names[1:3]))))
})

test_that("a description names no directory of this machine", {
  described <- body_text(ask(operation = "describe", package = "knitr"))
  expect_match(described, "vignettes in directory\\s+.knitr/doc.")
  expect_false(grepl(dirname(find.package("knitr")), described, fixed = TRUE))
})

test_that("only data sets are data", {
  expect_identical(ask_object("datasets", "women", "json", source = "data")$status, 200L)
  expect_identical(ask_object("stats", "lm", "print", source = "data")$status, 404L)
})

test_that("objects of the namespace can be read", {
  expect_identical(ask_object("stats", "Pillai", "print")$status, 200L)
  expect_identical(ask_object("stats", "nosuchobject", "print")$status, 404L)
})
