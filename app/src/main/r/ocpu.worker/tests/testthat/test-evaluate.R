evaluated <- function(code) ask_call("base", "identity", form = list(x = code))

test_that("plots, printed text and errors are kept in the order they came", {
  expect_match(console(evaluated("{plot(1); 5}")), "[[ plot ]]\n[1] 5", fixed = TRUE)
  expect_match(console(evaluated("{plot(1); print('a'); plot(2); cat('b')}")), "[[ plot ]]\n[1] \"a\"\n[[ plot ]]\nb", fixed = TRUE)
  expect_match(console(evaluated("{plot(1); stop('no')}")), "Error:\nno\n[[ plot ]]", fixed = TRUE)
})

test_that("texts are kept in the parts in which they came", {
  reply <- evaluated("{message('m1'); cat('a\\nb'); message('m2'); 7}")
  expect_identical(text_parts(reply, "messages"), list("m1\n", "m2\n"))
  expect_identical(text_parts(reply, "stdout"), list("a\nb", "[1] 7\n"))
  expect_identical(text_parts(reply, "warnings"), list())
})

test_that("large texts keep their parts", {
  reply <- evaluated("{cat(strrep('\u00e9', 1e5)); message('m'); cat('b')}")
  expect_identical(text_parts(reply, "stdout"), list(strrep("\u00e9", 1e5), "b"))
})

test_that("texts are lists in formats of objects, and the console a vector", {
  made <- evaluated("7")
  formatted <- function(text) {
    session <- file.path(made$directory, "session")
    body_text(ask(operation = "text", text = text, session = session, package = "base", format = "ascii"))
  }
  expect_identical(formatted("stdout"), "list(\"[1] 7\\n\")\n")
  expect_identical(formatted("console"), "c(\"> identity(x = 7)\", \"[1] 7\")\n")
  expect_identical(formatted("messages"), "list()\n")
})

test_that("code sees the call that evaluates it under the name that the API's users know", {
  reply <- ask_call("base", "identity", form = list(x = "sys.call()"), format = "print")
  expect_identical(body_text(reply), "eval(expr, envir, enclos)\n")
})

test_that("an error that code caught and shows is printed", {
  expect_match(console(evaluated("{try(log('a')); 1}")), "Error in log(\"a\")", fixed = TRUE)
})
