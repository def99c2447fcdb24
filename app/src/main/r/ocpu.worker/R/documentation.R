# What the manual of an installed package says of one thing, as plain text.

# Of a package: where it is, and of every alias the page and its title.
documented <- function(package) {
  directory <- find.package(package, .libPaths(), quiet = TRUE)
  index <- file.path(directory, "help", "aliases.rds")
  titles <- file.path(directory, "Meta", "Rd.rds")
  if (!length(directory) || !file.exists(index) || !file.exists(titles)) {
    return(list(pages = character(), titles = character()))
  }
  index <- readRDS(index)
  about <- readRDS(titles)
  found <- about$Title[match(index, tools::file_path_sans_ext(about$File))]
  list(directory = directory, pages = index, titles = structure(squeezed(found), names = names(index)))
}

title_of <- function(names, pages) unname(pages$titles[names])

topic_of <- function(names, pages) unname(pages$pages[names])

# A page as tools parsed it when the package was installed; NULL where there is none.
page_of <- function(name, pages) {
  page <- topic_of(name, pages)
  if (length(page) && !is.na(page)) read_page(file.path(pages$directory, "help", page))
}

sections <- function(page, tag) Filter(function(section) identical(attr(section, "Rd_tag"), tag), page)

# Without its heading.
section_text <- function(page, tag) {
  found <- sections(page, tag)
  if (!length(found)) return(NA_character_)
  if (tag == "\\title") rd_text(found[[1]]) else sub("^[^\n]*:\n+", "", rd_text(found[1]))
}

# A paragraph is a line, however long.
rd_text <- function(parts) {
  file <- tempfile()
  on.exit(unlink(file))
  options <- list(
    width = 10000L, minIndent = 0L, sectionIndent = 0L, sectionExtra = 0L, itemBullet = "* ", underline_titles = FALSE,
    code_quote = FALSE, showURLs = FALSE
  )
  before <- tools::Rd2txt_options(options)
  on.exit(tools::Rd2txt_options(before), add = TRUE)
  attributes(parts) <- list(class = "Rd")
  tools::Rd2txt(parts, out = file, fragment = TRUE, outputEncoding = "UTF-8", stages = c("build", "install", "render"))
  lines <- readLines(file, encoding = "UTF-8", warn = FALSE)
  text <- gsub("\n{3,}", "\n\n", paste(trimws(lines, "right"), collapse = "\n"))
  gsub("^\n+|\n+$", "", text)
}

# By name of the argument; one text may be of several.
argument_texts <- function(page) {
  found <- sections(page, "\\arguments")
  if (!length(found)) return(list())
  items <- sections(found[[1]], "\\item")
  texts <- lapply(items, function(item) {
    names <- trimws(strsplit(paste(source_text(item[[1]]), collapse = ""), ",", fixed = TRUE)[[1]])
    structure(rep(list(rd_text(item[[2]])), length(names)), names = names)
  })
  unlist(texts, recursive = FALSE)
}

# The words of a part without its markup.
source_text <- function(part) {
  if (is.character(part)) return(part)
  if (isTRUE(attr(part, "Rd_tag") %in% c("\\dots", "\\ldots"))) return("...")
  unlist(lapply(part, source_text))
}

# Those lines of the usage that are of this function, or all when that cannot be told; without a page, what its arguments tell.
usage_of <- function(page, name, arguments) {
  found <- sections(page, "\\usage")
  if (!length(found)) return(default_usage(name, arguments))
  text <- section_text(page, "\\usage")
  code <- tryCatch(parse(text = text, keep.source = TRUE), error = function(problem) NULL)
  own <- which(vapply(as.list(code), function(call) identical(used_name(call), name), NA))
  if (length(own)) {
    paste(vapply(attr(code, "srcref")[own], function(lines) paste(as.character(lines), collapse = "\n"), ""), collapse = "\n")
  } else {
    text
  }
}

used_name <- function(call) {
  if (!is.call(call)) return("")
  assigns <- identical(call[[1]], quote(`<-`)) && is.call(call[[2]])
  called <- if (assigns) call[[2]][[1]] else call[[1]]
  if (is.name(called)) paste0(as.character(called), if (assigns) "<-") else ""
}

default_usage <- function(name, arguments) {
  defaults <- defaults(arguments)
  text <- ifelse(is.na(defaults), names(arguments), paste(names(arguments), defaults, sep = " = "))
  quoted <- if (make.names(name) == name) name else paste0("`", name, "`")
  paste0(quoted, "(", paste(text, collapse = ", "), ")")
}

# R code as example() runs it.
examples_of <- function(page) {
  if (!length(sections(page, "\\examples"))) return(NA_character_)
  file <- tempfile()
  on.exit(unlink(file))
  tools::Rd2ex(page, out = file, outputEncoding = "UTF-8")
  lines <- readLines(file, encoding = "UTF-8", warn = FALSE)
  lines <- lines[-seq_len(max(0L, grep("^### [*][*] Examples", lines)[1], na.rm = TRUE))]
  gsub("^\n+|\n+$", "", paste(lines, collapse = "\n"))
}
