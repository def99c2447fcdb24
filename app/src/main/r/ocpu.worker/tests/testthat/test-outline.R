outline <- function(package, ...) {
  reply <- ask(operation = "outline", package = package, path = paste0("library/", package), ...)
  if (is.null(reply$body)) return(reply)
  jsonlite::fromJSON(body_text(reply), simplifyVector = FALSE)
}

outline_function <- function(package, name) outline(package, `function` = name)

outline_data <- function(package, name) outline(package, data = name)

named <- function(entries, name) {
  Filter(function(entry) identical(entry$name, name), entries)[[1]]
}

names_of <- function(entries) vapply(entries, function(entry) entry$name, "")

# A package with what most packages have not.
odd_package <- local({
  library <- tempfile("library")
  function() {
    if (dir.exists(library)) return(library)
    source <- file.path(tempfile("source"), "odd")
    for (directory in c("R", "man", "data")) dir.create(file.path(source, directory), recursive = TRUE)
    writeLines(c(
      "Package: odd", "Title: Odd  Things", "Version: 1.2", "Description: Things that", "    are odd.", "License: GPL-3",
      "Author: Ada", "Maintainer: Ada <ada@example.org>", "LazyData: true", "Imports: methods"
    ), file.path(source, "DESCRIPTION"))
    writeLines(c(
      "export(both, bare, failing, moving, \"part<-\", \"%+%\", number, median)", "exportMethods(area)", "exportClasses(Shape)",
      "export(print.odd)", "S3method(print, odd)", "importFrom(stats, median)", "import(methods)"
    ), file.path(source, "NAMESPACE"))
    writeLines(c(
      "both <- function(a, b = c(\"x\", \"y\"), ..., d) { b <- match.arg(b); if (missing(d)) a else d }",
      "bare <- function(n, f = function(x) {\n  x\n}) NULL", "number <- 42", "print.odd <- function(x, ...) NULL",
      "`part<-` <- function(x, value) x", "`%+%` <- function(left, right) left",
      "setClass(\"Shape\", representation(r = \"numeric\"))", "setGeneric(\"area\", function(shape, ...) standardGeneric(\"area\"))",
      "setMethod(\"area\", \"Shape\", function(shape, ...) 1)",
      ".onLoad <- function(library, package) {", "  home <- topenv()",
      "  installing <- nzchar(Sys.getenv(\"R_INSTALL_PKG\"))",
      "  makeActiveBinding(\"moving\", function() if (installing) 1 else stop(\"not now\"), home)",
      "  delayedAssign(\"failing\", if (installing) 1 else stop(\"never\"), assign.env = home)", "}"
    ), file.path(source, "R", "odd.R"))
    writeLines(c(
      "\\name{both-page}\\alias{both}\\title{Both \\emph{things}}\\description{Does <both> & \"more\".}",
      "\\usage{both(a, b = c(\"x\", \"y\"), \\dots, d)\n\nother(a)}",
      "\\arguments{\\item{a, b}{one \\code{and}\n the other}\\item{\\dots}{the rest}}",
      "\\value{A list of \\item{one}{1} \\item{two}{2}}", "\\examples{both(1)\n\\dontrun{both(2)}}"
    ), file.path(source, "man", "both.Rd"))
    writeLines(c("x;y", "1;a", "NA;b"), file.path(source, "data", "points.csv"))
    dir.create(library)
    utils::install.packages(source, library, repos = NULL, type = "source", quiet = TRUE)
    library
  }
})

outline_odd <- function(...) {
  before <- .libPaths()
  on.exit(.libPaths(before))
  .libPaths(c(odd_package(), before))
  outline("odd", ...)
}

test_that("a package's functions are told with titles and arguments", {
  stats <- outline("stats")
  expect_identical(stats$path, "library/stats")
  rnorm <- named(stats$functions, "rnorm")
  expect_identical(rnorm$title, "The Normal Distribution")
  expect_identical(rnorm$topic, "Normal")
  expect_identical(rnorm$arguments[[1]], list(name = "n", default = NULL))
  expect_identical(rnorm$arguments[[2]], list(name = "mean", default = "0"))
  expect_false("print.lm" %in% names_of(stats$functions))
})

test_that("base has syntax and functions that are not written in R", {
  base <- outline("base")
  expect_true(all(c("if", "[", "names<-", "%in%", "paste") %in% names_of(base$functions)))
  expect_identical(named(base$functions, "if")$arguments, list())
  expect_identical(names_of(named(base$functions, "sum")$arguments), c("...", "na.rm"))
  expect_false("print.default" %in% names_of(base$functions))
  expect_true("letters" %in% names_of(base$objects))
})

test_that("data sets are told with their size", {
  women <- named(outline("datasets")$data, "women")
  expect_identical(women[c("class", "rows", "columns")], list(class = "data.frame", rows = 15L, columns = 2L))
  expect_identical(named(outline("datasets")$data, "BJsales.lead")$topic, "BJsales")
})

test_that("a function is described by its manual page", {
  cor <- outline_function("stats", "cor")
  expect_match(cor$usage, "^cor\\(x, y = NULL")
  method <- named(cor$arguments, "method")
  expect_identical(method$choices, list("pearson", "kendall", "spearman"))
  expect_match(method$description, "which correlation coefficient")
  expect_true(named(cor$arguments, "x")$required)
  expect_false(method$required)
  expect_match(cor$examples, "^var\\(1:10\\)")
})

test_that("what is usual in no package is told too", {
  odd <- outline_odd()
  expect_identical(odd$title, "Odd Things")
  expect_identical(odd$description, "Things that are odd.")
  expect_setequal(names_of(odd$functions), c("area", "bare", "both", "median", "part<-", "%+%"))
  expect_null(named(odd$functions, "bare")$title)
  expect_identical(named(odd$functions, "median")$title, "Median Value")
  expect_identical(names_of(named(odd$functions, "area")$arguments), c("shape", "..."))
  expect_setequal(names_of(odd$objects), c("failing", "moving", "number"))
  expect_identical(named(odd$objects, "number")$class, "numeric")
  expect_null(named(odd$objects, "failing")$class)
})

test_that("arguments may share a description and have none", {
  both <- outline_odd(`function` = "both")
  expect_identical(both$title, "Both _things_")
  expect_identical(both$description, "Does <both> & \"more\".")
  expect_identical(both$usage, "both(a, b = c(\"x\", \"y\"), ..., d)")
  texts <- lapply(both$arguments, function(argument) argument$description)
  expect_identical(texts, list("one and the other", "one and the other", "the rest", NULL))
  required <- lapply(both$arguments, function(argument) argument$required)
  expect_identical(required, list(TRUE, FALSE, FALSE, FALSE))
  expect_identical(both$arguments[[2]]$choices, list("x", "y"))
  expect_match(both$value, "one: 1")
  expect_match(both$examples, "both(1)", fixed = TRUE)
})

test_that("a function without a page has its usage", {
  bare <- outline_odd(`function` = "bare")
  expect_match(bare$usage, "^bare\\(n, f = function")
  expect_null(bare$title)
  expect_null(bare$examples)
})

test_that("a call to begin with is taken from the examples", {
  expect_identical(outline_odd(`function` = "both")$example, list(list(name = "a", value = "1")))
  expect_identical(outline_function("stats", "lm")$example, list())
  expect_identical(outline_odd(`function` = "bare")$example, list())
})

test_that("functions that draw are known", {
  expect_true(outline_function("stats", "biplot.prcomp")$draws)
  expect_true(outline_function("graphics", "hist")$draws)
  expect_false(outline_function("stats", "rnorm")$draws)
  expect_false(outline_function("base", "sum")$draws)
})

test_that("few functions and data sets are told whole at once, many in brief", {
  odd <- outline_odd(whole = 10)
  expect_match(named(odd$functions, "both")$usage, "^both")
  expect_length(odd$data[[1]]$head$rows, 2)
  expect_null(named(outline("stats", whole = 10)$functions, "rnorm")$usage)
})

test_that("a data set is shown with its first rows", {
  points <- outline_odd(data = "points")
  expect_identical(points$head$columns[[1]], list(name = "x", class = "integer"))
  expect_identical(points$head$rows, list(list("1", "a"), list(NULL, "b")))
  cars <- outline_data("datasets", "mtcars")
  expect_identical(cars$head$names[[1]], "Mazda RX4")
  expect_length(cars$head$rows, 6)
  expect_identical(outline_data("datasets", "state.name")$head$rows[[1]], list("Alabama"))
})

test_that("what a package does not have is not found", {
  expect_identical(outline_function("stats", "nosuch")$status, 404L)
  expect_identical(outline_function("base", "letters")$status, 404L)
  expect_identical(outline_data("stats", "women")$status, 404L)
})
