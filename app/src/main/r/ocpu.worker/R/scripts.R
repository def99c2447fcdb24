# Runs a script by its extension. It runs as a copy in the working directory, so that what is written beside it lands there, with
# copies of the files that stand beside it.

script_formats <- c("html", "docx", "odt")

run_script <- function(request) {
  type <- tolower(sub(".*[.]", "", request[["name"]]))
  prepare <- script_types[[type]]
  if (is.null(prepare)) {
    fail(400L, "Unsupported script type: ", type, ". Supported are: ", paste0(".", names(script_types), collapse = ", "))
  }
  if (!file.exists(request[["file"]])) fail(404L, "File not found: ", request[["name"]])
  run <- prepare(request)
  here <- file.path(request[["directory"]], "session", "files")
  finish <- bring(request[["file"]], here, run$copied)
  environment <- session_environment(as.list(run$variables), request[["sessions"]])
  evaluate_and_keep(run$chunks, environment, request, store = FALSE, finish)
}

# Files beside a script are copied if they are not larger, in bytes.
beside_limit <- 10e6

# Copies a script and what stands beside it. Returns a function that removes the copies that are as they were.
bring <- function(script, here, copied) {
  files <- list.files(dirname(script), full.names = TRUE)
  files <- files[!dir.exists(files) & !file.exists(file.path(here, basename(files)))]
  if (sum(file.size(files)) > beside_limit) files <- character()
  files <- union(files, script)
  file.copy(files, here, copy.date = TRUE)
  copies <- file.path(here, basename(files))
  if (identical(copied, "for good")) copies <- setdiff(copies, file.path(here, basename(script)))
  before <- file_marks(copies)
  function() unlink(copies[file_marks(copies) == before])
}

file_marks <- function(files) {
  info <- file.info(files)
  paste(info$size, as.numeric(info$mtime))
}

# What to run, each expression as its source shows it.
steps <- function(...) {
  lapply(list(...), function(step) list(source = paste(deparse(step), collapse = "\n"), code = list(step)))
}

r_script <- function(request) {
  require_package("evaluate", "An R script")
  text <- paste(script_lines(request[["file"]]), collapse = "\n")
  parsed <- tryCatch(evaluate::parse_all(text, allow_error = FALSE), error = identity)
  list(
    chunks = if (inherits(parsed, "error")) failing_chunks(text, parsed) else parsed_chunks(parsed),
    copied = "while running"
  )
}

parsed_chunks <- function(parsed) {
  chunks <- Map(function(source, code) list(source = source, code = as.list(code)), parsed$src, parsed$expr)
  unname(chunks)
}

# A script that cannot be parsed fails as a call does, and leaves a session with its source.
failing_chunks <- function(text, condition) {
  list(list(source = text, code = list(call("stop", condition))))
}

# Scripts from other systems: lines may end in CR LF, and what is not UTF-8 is taken for Latin-1.
script_lines <- function(file) {
  text <- rawToChar(file_bytes(file))
  if (validUTF8(text)) Encoding(text) <- "UTF-8" else text <- iconv(text, "latin1", "UTF-8")
  strsplit(gsub("\r\n", "\n", sub("^\ufeff", "", text), fixed = TRUE), "\n", fixed = TRUE)[[1]]
}

load_knitr <- call("library", as.name("knitr"))
load_tools <- call("library", as.name("tools"))

latex_script <- function(request) {
  require_latex("A LaTeX document")
  search_beside(request)
  list(chunks = steps(load_tools, call("texi2pdf", request[["name"]])), copied = "for good")
}

knitr_latex_script <- function(request) {
  require_package("knitr", "A knitr document")
  require_latex("A knitr document in LaTeX")
  search_beside(request)
  list(
    chunks = steps(
      load_knitr, load_tools, call("<-", quote(texfile), call("knit", request[["name"]])),
      quote(texi2pdf(texfile))
    ),
    copied = "while running"
  )
}

knitr_script <- function(request) {
  require_package("knitr", "A knitr document")
  list(chunks = steps(load_knitr, call("knit", request[["name"]])), copied = "while running")
}

knitr_pandoc_script <- function(request) {
  require_package("knitr", "A knitr document")
  require_program("pandoc", "A knitr document in Markdown", "pandoc")
  variables <- script_variables(request)
  list(
    chunks = steps(
      load_knitr, call("<-", quote(mdfile), call("knit", request[["name"]])),
      call("pandoc", quote(mdfile), variables[["format"]]), quote(rm(mdfile))
    ),
    copied = "while running", variables = variables
  )
}

pandoc_script <- function(request) {
  require_package("knitr", "A Markdown document")
  require_program("pandoc", "A Markdown document", "pandoc")
  variables <- script_variables(request)
  list(
    chunks = steps(load_knitr, call("pandoc", request[["name"]], variables[["format"]])),
    copied = "for good", variables = variables
  )
}

brew_script <- function(request) {
  require_package("brew", "A brew template")
  output <- request[["form"]][["output"]]
  output <- if (is.null(output)) quote(stdout()) else file_here(parse_option(output))
  list(chunks = steps(as.call(list(quote(brew::brew), file = request[["name"]], output = output))), copied = "while running")
}

script_types <- list(
  r = r_script, tex = latex_script, rnw = knitr_latex_script, rtex = knitr_latex_script, rhtml = knitr_script,
  rmd = knitr_pandoc_script, rrst = knitr_pandoc_script, md = pandoc_script, rst = pandoc_script, brew = brew_script
)

# The form's values, which the script sees as variables, and the formats to make.
script_variables <- function(request) {
  variables <- lapply(request[["form"]], parse_vector)
  if (is.null(variables[["format"]])) variables$format <- script_formats
  formats <- variables[["format"]]
  # pandoc is run through a shell
  if (!is.character(formats) || !length(formats) || !all(grepl("^[A-Za-z0-9_+-]+$", formats))) {
    fail(400L, "format should be names of pandoc's output formats, such as html or [\"html\", \"docx\"].")
  }
  variables
}

# An option, or several: a JSON array, or literals in c().
parse_vector <- function(text) {
  if (grepl("^[ \t\r\n]*\\[", text) && jsonlite::validate(text)) return(parse_json_text(text, ""))
  code <- tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"), error = function(condition) NULL)
  if (length(code) != 1L || !is.call(code[[1]]) || !identical(code[[1]][[1]], quote(c))) return(parse_option(text))
  elements <- as.list(code[[1]])[-1]
  if (all(vapply(elements, is_literal, NA))) unlist(lapply(elements, literal_value)) else text
}

file_here <- function(name) {
  outside <- !is.character(name) || grepl("^[/~]|(^|/)[.][.](/|$)", name) || !nzchar(name)
  if (outside) fail(400L, "output should be the name of a file in the working directory.")
  name
}

require_program <- function(program, what, packages) {
  if (!nzchar(Sys.which(program))) {
    fail(501L, what, " needs ", program, ", which is not installed on this server. On Debian: apt-get install ", packages)
  }
}

# The last holds what knitr's documents need (framed.sty).
latex_packages <- "texlive-latex-base texlive-latex-recommended texlive-fonts-recommended texlive-latex-extra"

# TeX's caches go to the request's own directory.
require_latex <- function(what) {
  require_program("pdflatex", what, latex_packages)
  Sys.setenv(TEXMFVAR = file.path(tempdir(), "texmf"))
}

# What LaTeX includes may stand beside the script.
search_beside <- function(request) {
  beside <- dirname(request[["file"]])
  for (variable in c("TEXINPUTS", "BIBINPUTS", "BSTINPUTS")) {
    do.call(Sys.setenv, structure(list(paste0(".:", beside)), names = variable))
  }
}
