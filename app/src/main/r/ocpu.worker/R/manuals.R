# Manual pages of an installed package, as text, HTML, LaTeX and PDF.

render_manual <- function(request) {
  package <- request[["package"]]
  set_libraries(unlist(request[["libraries"]]))
  topic <- request[["topic"]]
  page <- manual_page(package, topic)
  switch(request[["format"]],
    text = manual_reply(plain_text, page, tools::Rd2txt,
      package = package, outputEncoding = "UTF-8", options = list(underline_titles = FALSE, code_quote = FALSE)
    ),
    html = manual_reply("text/html; charset=utf-8", page, tools::Rd2HTML, package = package),
    tex = manual_reply(plain_text, page, tools::Rd2latex, outputEncoding = "UTF-8"),
    pdf = manual_pdf(page, topic),
    fail(404L, "Unknown man format: ", request[["format"]])
  )
}

manual_reply <- function(type, page, convert, ...) {
  list(status = 200L, type = type, body = made_file(function(file) convert(page, out = file, ...)))
}

# The page that documents an alias; a page's own name need not be one.
manual_page <- function(package, topic) {
  directory <- find.package(package, .libPaths())
  index <- file.path(directory, "help", "aliases.rds")
  aliases <- if (file.exists(index)) readRDS(index) else character()
  page <- if (topic %in% names(aliases)) aliases[[topic]] else topic
  if (!page %in% aliases) fail(404L, "Package ", package, " has no documentation for '", topic, "'.")
  read_page(file.path(directory, "help", page))
}

# utils keeps its reader of installed pages to itself; all that show help use it.
read_page <- function(path) {
  utils::getFromNamespace(".getHelpFile", "utils")(path)
}

# As R's own help server shows the page, with links that work without it: to pages beside it, or to other packages' below
# the same library.
render_help_page <- function(request) {
  package <- request[["package"]]
  set_libraries(unlist(request[["libraries"]]))
  links <- tools::findHTMLlinks(find.package(package, .libPaths()), lib.loc = .libPaths())
  own <- startsWith(links, paste0("../../", package, "/html/"))
  links[own] <- basename(links[own])
  page <- manual_page(package, request[["topic"]])
  manual_reply("text/html; charset=utf-8", page, tools::Rd2HTML, package = package, Links = links, stylesheet = "R.css")
}

# One article of the one page, with R's LaTeX style for manual pages.
manual_pdf <- function(page, topic) {
  require_latex("A manual page as PDF")
  setwd(tempdir())
  source <- c(
    "\\documentclass[a4paper]{article}", "\\usepackage[times,hyper]{Rd}", "\\usepackage[utf8]{inputenc}",
    "\\begin{document}", "\\input{page.tex}", "\\end{document}"
  )
  writeLines(source, "manual.tex")
  tools::Rd2latex(page, out = "page.tex", outputEncoding = "UTF-8")
  tools::texi2pdf("manual.tex")
  list(status = 200L, type = "application/pdf", filename = paste0(topic, ".pdf"), body = file_bytes("manual.pdf"))
}
