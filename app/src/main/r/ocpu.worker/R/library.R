# Makes a package's objects visible, from the given libraries in front of R's own.
attach_package <- function(package, libraries) {
  set_libraries(libraries)
  if (!paste0("package:", package) %in% search()) {
    suppressPackageStartupMessages(library(package, character.only = TRUE, lib.loc = libraries, warn.conflicts = FALSE))
  }
  invisible()
}

# .libPaths() normalizes every path, which costs more than the whole call when nothing changes.
set_libraries <- function(libraries) {
  if (!identical(libraries, utils::head(.libPaths(), length(libraries)))) .libPaths(libraries)
}

package_environment <- function(package) {
  as.environment(paste0("package:", package))
}

# What library(package) makes visible: exports and lazy data (see ?library).
package_object <- function(package, name) {
  environment <- package_environment(package)
  if (!exists(name, envir = environment, inherits = FALSE)) {
    fail(404L, "Package ", package, " has no exported object or data set '", name, "'.")
  }
  get(name, envir = environment, inherits = FALSE)
}

# Loads a package as a caller's engine would. What R and the package's own code print goes to a file, so that it is there
# even when the process crashes.
check_load <- function(request) {
  .Call(ocpu_redirect, request$output)
  loaded <- tryCatch(
    {
      attach_package(request$package, unlist(request$libraries))
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
