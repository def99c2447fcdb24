# Makes a package's objects visible, from the given libraries in front of R's own.
attach_package <- function(package, libraries) {
  set_libraries(libraries)
  if (!paste0("package:", package) %in% search()) {
    unload_others(libraries[[1]])
    suppressPackageStartupMessages(library(package, character.only = TRUE, lib.loc = libraries, warn.conflicts = FALSE))
  }
  invisible()
}

# An app may have a version of its own of what its engine has loaded already. What the worker itself uses stays: R then says
# which version is wanted.
unload_others <- function(library) {
  library <- normalizePath(library)
  for (name in intersect(list.files(library), loadedNamespaces())) {
    if (name != "base" && dirname(normalizePath(getNamespaceInfo(name, "path"))) != library) {
      try(unloadNamespace(name), silent = TRUE)
    }
  }
}

# .libPaths() normalizes every path, which costs more than the whole call when nothing changes.
set_libraries <- function(libraries) {
  if (!identical(libraries, utils::head(.libPaths(), length(libraries)))) .libPaths(libraries)
}

package_environment <- function(package) {
  as.environment(paste0("package:", package))
}

# Any object of the package's code, and what library(package) makes visible besides: lazy data and such.
package_object <- function(package, name) {
  for (environment in list(asNamespace(package), package_environment(package))) {
    if (exists(name, envir = environment, inherits = FALSE)) return(get(name, envir = environment, inherits = FALSE))
  }
  fail(404L, "Package ", package, " has no object or data set '", name, "'.")
}

# A data set: lazy data, or what utils::data() loads.
package_data <- function(package, name) {
  lazy <- if (package != "base") getNamespaceInfo(package, "lazydata")
  if (!is.null(lazy) && exists(name, envir = lazy, inherits = FALSE)) return(get(name, envir = lazy))
  loaded <- new.env(parent = emptyenv())
  suppressWarnings(utils::data(list = name, package = package, envir = loaded))
  if (!exists(name, envir = loaded, inherits = FALSE)) fail(404L, "Package ", package, " has no data set '", name, "'.")
  get(name, envir = loaded)
}

list_names <- function(request) {
  package <- request[["package"]]
  names <- if (identical(request[["source"]], "data")) {
    utils::data(package = package)$results[, "Item"]
  } else {
    ls(package_environment(package))
  }
  text_reply(sort(unique(names)))
}

describe_package <- function(request) {
  set_libraries(unlist(request[["libraries"]]))
  described <- utils::help(package = (request[["package"]]), lib.loc = .libPaths(), help_type = "text")
  described$path <- described$name # it says where the vignettes are: below the package's address, not on this machine
  text_reply(format(described))
}

# Loads a package as a caller's engine would. What R and the package's own code print goes to a file, so that it is there
# even when the process crashes.
check_load <- function(request) {
  .Call(ocpu_redirect, request[["output"]])
  loaded <- tryCatch(
    {
      attach_package(request[["package"]], unlist(request[["libraries"]]))
      TRUE
    },
    error = function(condition) {
      message("Error: ", error_text(condition))
      FALSE
    }
  )
  info <- utils::capture.output(print(utils::sessionInfo()))
  list(status = 200L, loads = tolower(loaded), body = text_bytes(info))
}

# Names of all packages that a package needs, directly or not, as far as they are installed.
dependencies <- function(package) {
  found <- character()
  new <- package
  while (length(new)) {
    found <- c(found, new)
    fields <- lapply(new, utils::packageDescription, fields = c("Depends", "Imports"))
    fields <- as.character(unlist(fields[vapply(fields, is.list, NA)]))
    names <- gsub("[[:space:](].*", "", trimws(unlist(strsplit(fields[!is.na(fields)], ","))))
    new <- basename(find.package(setdiff(unique(names), c(found, "R")), quiet = TRUE))
  }
  found
}
