# Finds out what a package needs beyond what the server has, and where each of it is to come from.
#
# Rscript plan.R DIRECTORY REPOSITORY...
#
# DIRECTORY/app/DESCRIPTION is the package's, DIRECTORY/remotes/N/DESCRIPTION are those of its Remotes, DIRECTORY/refused names
# the packages that are known to be missing already. Written are DIRECTORY/packages (what to install, in this order: name,
# version, kind, source, dependencies, by tabs), DIRECTORY/problems and DIRECTORY/notes, all lines for people but the first.

arguments <- commandArgs(trailingOnly = TRUE)
directory <- arguments[[1]]
repositories <- arguments[-1]
options(timeout = 120, warn = 1)

problems <- character()
notes <- character()
problem <- function(...) problems <<- unique(c(problems, paste0(...)))
note <- function(...) notes <<- unique(c(notes, paste0(...)))

read_description <- function(file) {
  fields <- read.dcf(file)
  if (nrow(fields) == 0L) stop(basename(dirname(file)), "/DESCRIPTION is empty")
  fields[1, ]
}

# What a package needs, a row each; the version is empty where any will do.
needs_of <- function(description, by) {
  text <- description[intersect(c("Depends", "Imports", "LinkingTo"), names(description))]
  items <- gsub("[[:space:]]+", "", unlist(strsplit(text[!is.na(text)], ",")))
  items <- items[nzchar(items)]
  pattern <- "^([A-Za-z][A-Za-z0-9.]*)(\\((>=|<=|==|!=|>|<)([0-9][0-9.-]*|r[0-9]+)\\))?$"
  parts <- regmatches(items, regexec(pattern, items))
  for (item in items[lengths(parts) == 0L]) problem(by, ": not a dependency: ", substr(item, 1, 100))
  parts <- do.call(rbind, c(list(matrix(character(), ncol = 5L)), parts[lengths(parts) > 0L]))
  needs <- data.frame(package = parts[, 2L], operator = parts[, 4L], version = parts[, 5L], by = rep(by, nrow(parts)))
  needs[!startsWith(needs$version, "r"), ] # a revision of R's own repository
}

satisfies <- function(version, needs) {
  needs <- needs[nzchar(needs$operator), ]
  all(as.logical(Map(
    function(operator, wanted) match.fun(operator)(numeric_version(version), numeric_version(wanted)),
    needs$operator, needs$version
  )))
}

words <- function(needs) {
  limits <- ifelse(nzchar(needs$operator), paste0(" (", needs$operator, " ", needs$version, ")"), "")
  paste(unique(paste0(needs$by, " needs ", needs$package, limits)), collapse = ", ")
}

too_new_for_r <- function(description) {
  needs <- needs_of(description, "")
  needs <- needs[needs$package == "R", ]
  !satisfies(as.character(getRversion()), needs)
}

r_wanted <- function(description) sub("^.*\\b(R *\\([^)]*\\)).*$", "\\1", gsub("\\s+", " ", description[["Depends"]]))

# The packages of the server, of the first library that has each.
here <- local({
  all <- installed.packages(lib.loc = .libPaths(), noCache = TRUE)
  all[!duplicated(all[, "Package"]), , drop = FALSE]
})

# The index of each repository, read when it is first needed; NULL and a reason when it cannot be reached.
indexes <- new.env()
index <- function(repository) {
  if (is.null(indexes[[repository]])) {
    reason <- character()
    url <- contrib.url(repository, type = "source")
    found <- withCallingHandlers(
      tryCatch(
        available.packages(contriburl = url, type = "source", filters = "OS_type", ignore_repo_cache = TRUE),
        error = function(condition) {
          reason <<- c(reason, conditionMessage(condition))
          NULL
        }
      ),
      warning = function(condition) {
        reason <<- c(reason, conditionMessage(condition))
        invokeRestart("muffleWarning")
      }
    )
    reached <- length(reason) == 0L || (!is.null(found) && nrow(found) > 0L)
    reason <- trimws(gsub("\\s+", " ", paste(unique(sub("^.*:\n", "", reason)), collapse = "; ")))
    indexes[[repository]] <- list(packages = if (reached) found, reason = reason)
  }
  indexes[[repository]]
}

unreachable <- function() Filter(function(repository) is.null(index(repository)$packages), repositories)

# A package of a repository's archive, fetched, since only it says what it needs itself.
archived <- function(repository, name, version) {
  file <- paste0(name, "_", version, ".tar.gz")
  url <- paste(contrib.url(repository, type = "source"), "Archive", name, file, sep = "/")
  kept <- file.path(directory, "archived", file)
  if (!file.exists(kept)) {
    dir.create(dirname(kept), showWarnings = FALSE)
    got <- tryCatch(
      suppressWarnings(download.file(url, kept, mode = "wb", quiet = TRUE)) == 0L,
      error = function(condition) FALSE
    )
    if (!got) {
      unlink(kept)
      return(NULL)
    }
  }
  unpacked <- tempfile("archived")
  on.exit(unlink(unpacked, recursive = TRUE))
  utils::untar(kept, files = file.path(name, "DESCRIPTION"), exdir = unpacked)
  description <- read_description(file.path(unpacked, name, "DESCRIPTION"))
  list(version = version, kind = "url", source = url, description = description)
}

# The current package of the first repository whose version will do, else a version pinned with == from an archive.
from_repositories <- function(name, needs) {
  too_new <- NULL
  for (repository in repositories) {
    packages <- index(repository)$packages
    for (row in which(packages[, "Package"] == name)) {
      description <- packages[row, ]
      if (!satisfies(description[["Version"]], needs)) next
      file <- paste0(name, "_", description[["Version"]], ".tar.gz")
      found <- list(
        version = description[["Version"]], kind = "url", source = paste(description[["Repository"]], file, sep = "/"),
        description = description
      )
      if (!too_new_for_r(description)) return(found)
      too_new <- found
    }
  }
  for (version in unique(needs$version[needs$operator == "=="])) {
    if (!satisfies(version, needs)) next
    for (repository in setdiff(repositories, unreachable())) {
      found <- archived(repository, name, version)
      if (!is.null(found) && !too_new_for_r(found$description)) return(found)
      if (!is.null(found)) too_new <- found
    }
  }
  too_new
}

remotes <- local({
  files <- file.path(directory, "remotes", list.files(file.path(directory, "remotes")), "DESCRIPTION")
  files <- files[order(as.integer(basename(dirname(files))))]
  all <- lapply(files, function(file) {
    description <- read_description(file)
    list(
      version = description[["Version"]], kind = "remote", source = basename(dirname(file)), description = description
    )
  })
  names(all) <- vapply(all, function(remote) remote$description[["Package"]], "")
  all[!duplicated(names(all))]
})
refused <- readLines(file.path(directory, "refused"))
app <- read_description(file.path(directory, "app", "DESCRIPTION"))

choose <- function(name, needs) {
  if (name == app[["Package"]]) return(list(version = app[["Version"]], kind = "app"))
  if (name %in% refused) return(list(version = "0", kind = "refused"))
  remote <- remotes[[name]]
  if (!is.null(remote)) {
    remote$met <- satisfies(remote$version, needs)
    return(remote)
  }
  if (name %in% rownames(here) && satisfies(here[name, "Version"], needs)) {
    return(list(version = here[name, "Version"], kind = "here"))
  }
  found <- from_repositories(name, needs)
  if (is.null(found)) list(version = "", kind = "missing", needs = needs) else found
}

# Chooses until nothing changes: what is chosen has needs of its own, which may rule out what was chosen before.
resolve <- function() {
  chosen <- list()
  for (round in 1:50) {
    needs <- needs_of(app, app[["Package"]])
    for (name in names(chosen)) {
      if (!is.null(chosen[[name]]$description)) needs <- rbind(needs, needs_of(chosen[[name]]$description, name))
    }
    needs <- needs[needs$package != "R", ]
    next_chosen <- lapply(split(needs, needs$package), function(part) {
      found <- choose(part$package[[1]], part)
      found$needs <- part
      found
    })
    same <- function(one) vapply(one, function(found) paste(found$kind, found$version), "")
    if (identical(same(chosen), same(next_chosen))) return(next_chosen)
    chosen <- next_chosen
  }
  problem("no set of versions has all that is asked for: the versions ask for each other in a circle")
  chosen
}

offers <- function(name) {
  had <- if (name %in% rownames(here)) paste("this server has", here[name, "Version"]) else "not on this server"
  for (repository in repositories) {
    found <- index(repository)
    versions <- unique(found$packages[found$packages[, "Package"] == name, "Version"])
    had <- c(had, if (is.null(found$packages)) {
      paste(repository, "cannot be reached")
    } else if (length(versions)) {
      paste(repository, "has", paste(versions, collapse = " and "))
    } else {
      paste("not in", repository)
    })
  }
  paste(had, collapse = ", ")
}

check <- function(name, found) {
  if (found$kind == "missing") problem(name, ": ", words(found$needs), "; ", offers(name))
  if (isFALSE(found$met)) problem(name, ": ", words(found$needs), "; its remote has ", found$version)
  if (!is.null(found$description) && too_new_for_r(found$description)) {
    problem(name, " ", found$version, " needs ", r_wanted(found$description), "; this server has R ", getRversion())
  }
}

# The names in an order in which each comes after all it needs.
ordered <- function(chosen) {
  done <- character()
  visit <- function(name, path) {
    if (name %in% path) {
      circle <- c(path[match(name, path):length(path)], name)
      problem("circular dependencies: ", paste(circle, collapse = " -> "))
    } else if (!name %in% done) {
      description <- if (length(path)) chosen[[name]]$description else app
      if (!is.null(description) || identical(chosen[[name]]$kind, "app")) {
        for (need in sort(unique(needs_of(description, name)$package))) {
          if (need != "R" && !identical(chosen[[need]]$kind, "here")) visit(need, c(path, name))
        }
      }
      done <<- c(done, name)
    }
  }
  visit(app[["Package"]], character())
  Filter(function(name) !is.null(chosen[[name]]$description), done)
}

line_of <- function(name, chosen) {
  found <- chosen[[name]]
  needs <- setdiff(sort(unique(needs_of(found$description, name)$package)), "R")
  versions <- vapply(needs, function(need) paste0(need, "=", chosen[[need]]$version), "")
  paste(name, found$version, found$kind, found$source, paste(versions, collapse = ","), sep = "\t")
}

if (too_new_for_r(app)) {
  problem(app[["Package"]], " needs ", r_wanted(app), "; this server has R ", as.character(getRversion()))
}
chosen <- resolve()
for (name in names(chosen)) check(name, chosen[[name]])
for (repository in ls(indexes)) {
  reason <- indexes[[repository]]$reason
  if (is.null(indexes[[repository]]$packages)) {
    missing <- any(vapply(chosen, function(found) found$kind == "missing", NA))
    (if (missing) problem else note)("the repository ", repository, " cannot be reached: ", reason)
  }
}
for (name in setdiff(names(remotes), names(chosen))) note("the remote ", name, " is not needed to install this package")
writeLines(vapply(ordered(chosen), line_of, "", chosen), file.path(directory, "packages"))
writeLines(problems, file.path(directory, "problems"))
writeLines(notes, file.path(directory, "notes"))
