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
