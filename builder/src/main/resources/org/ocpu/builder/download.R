# Fetches source packages.
#
# Rscript download.R DIRECTORY
#
# DIRECTORY/wanted has a line each: name, version and address, by tabs. Written are DIRECTORY/NAME.tar.gz, its
# DIRECTORY/NAME/DESCRIPTION, and DIRECTORY/problems, lines for people.

directory <- commandArgs(trailingOnly = TRUE)[[1]]
options(timeout = 300)

fetch <- function(name, version, url) {
  file <- file.path(directory, paste0(name, ".tar.gz"))
  download.file(url, file, mode = "wb", quiet = TRUE)
  utils::untar(file, files = file.path(name, "DESCRIPTION"), exdir = directory)
  got <- read.dcf(file.path(directory, name, "DESCRIPTION"), fields = c("Package", "Version"))
  if (got[[1, "Package"]] != name || got[[1, "Version"]] != version) {
    stop("it holds ", got[[1, "Package"]], " ", got[[1, "Version"]])
  }
}

problems <- character()
wanted <- strsplit(readLines(file.path(directory, "wanted")), "\t", fixed = TRUE)
for (one in wanted) {
  failed <- function(condition) {
    reason <- trimws(gsub("\\s+", " ", conditionMessage(condition)))
    problems <<- c(problems, paste0(one[[1]], " ", one[[2]], " cannot be fetched from ", one[[3]], ": ", reason))
  }
  tryCatch(fetch(one[[1]], one[[2]], one[[3]]), error = failed, warning = failed)
}
writeLines(problems, file.path(directory, "problems"))
