manual <- function(topic, format) ask(operation = "man", package = "stats", topic = topic, format = format)

test_that("manual pages come in every format", {
  expect_match(body_text(manual("median", "text")), "median +package:stats +R Documentation")
  expect_match(body_text(manual("median", "html")), "<title>R: Median Value</title>")
  expect_match(body_text(manual("median", "tex")), "\\HeaderA{median}{Median Value}{median}", fixed = TRUE)
})

test_that("an alias leads to its page", {
  expect_match(body_text(manual("rnorm", "text")), "The Normal Distribution")
})

test_that("unknown topics and formats are not found", {
  expect_identical(manual("nosuchtopic", "text")$status, 404L)
  expect_identical(manual("median", "nosuch")$status, 404L)
})

test_that("a page as PDF has the topic's name", {
  skip_if(!nzchar(Sys.which("pdflatex")), "LaTeX is not installed")
  reply <- manual("median", "pdf")
  expect_identical(reply$filename, "median.pdf")
  expect_identical(rawToChar(utils::head(reply$body, 4)), "%PDF")
})

test_that("help pages link to pages beside them and to other packages", {
  page <- body_text(ask(operation = "html", package = "stats", topic = "median"))
  expect_match(page, "href=\"quantile.html\"", fixed = TRUE)
  expect_match(page, "href=\"../../base/html/", fixed = TRUE)
  expect_match(page, "href=\"R.css\"", fixed = TRUE)
})

test_that("a package is described and its objects are listed", {
  expect_match(body_text(ask(operation = "describe", package = "stats")), "Information on package 'stats'")
  names <- strsplit(body_text(ask(operation = "list", source = "R", package = "stats")), "\n")[[1]]
  expect_true(all(c("rnorm", "lm") %in% names))
  expect_false(any(duplicated(names)))
  expect_false(is.unsorted(tolower(gsub("[^A-Za-z0-9]", "", names[1:3]))))
})

test_that("only data sets are data", {
  expect_identical(ask_object("datasets", "women", "json", source = "data")$status, 200L)
  expect_identical(ask_object("stats", "lm", "print", source = "data")$status, 404L)
})

test_that("objects of the namespace can be read", {
  expect_identical(ask_object("stats", "Pillai", "print")$status, 200L)
  expect_identical(ask_object("stats", "nosuchobject", "print")$status, 404L)
})
