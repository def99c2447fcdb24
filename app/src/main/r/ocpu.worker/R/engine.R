#' Serve calls until the server ends
#'
#' Puts up the walls around all that it will start, loads and warms what every call needs, then serves a Unix socket: a few idle
#' children wait in accept(), each answers one request and exits. Standard input is the lifeline: when it ends, the engine and its
#' workers end. Standard output carries events, a line each: `ready` with what the walls are made of, `loaded NAME:VERSION ...` with
#' all namespaces, and `exit PID signal|status N timeout|-`.
#'
#' @param settings a JSON object: `socket`, path of the Unix socket to listen on; `idle`, number of children kept waiting; `preload`,
#'   names of packages to load before forking; `walls`, see `ocpu_enclose` in confine.c.
#' @return Never returns.
#' @export
engine <- function(settings) {
  settings <- jsonlite::parse_json(settings)
  walls <- settings[["walls"]]
  for (name in c("readable", "writable", "libraries")) walls[[name]] <- as.character(unlist(walls[[name]]))
  active <- .Call(ocpu_enclose, walls)
  .Call(ocpu_tempdir, paste0(settings[["socket"]], ".tmp"))
  set_up()
  for (package in unlist(settings[["preload"]])) loadNamespace(package)
  load_functions(setdiff(loadedNamespaces(), "base"))
  watch_pages()
  warm_up()
  .Call(ocpu_listen, settings[["socket"]])
  .Call(ocpu_ready, paste0("ready ", paste(active, collapse = " "), "\n"))
  tell_loaded()
  serve(settings[["idle"]], 0L)
}

# dependencies: names of namespaces that are to be loaded here once a worker had to load them.
serve <- function(idle, lifeline, dependencies = character()) {
  force(dependencies) # here and not in a worker, which has loaded more
  repeat {
    .Call(ocpu_settle_counts, everything())
    gc(full = TRUE)
    request <- .Call(ocpu_serve, as.integer(idle), lifeline, length(dependencies))
    if (is.list(request)) break
    loaded <- loadedNamespaces()
    for (name in dependencies[request]) try(loadNamespace(name), silent = TRUE)
    dependencies[request] <- ""
    load_functions(setdiff(loadedNamespaces(), loaded))
    tell_loaded()
  }
  answer(request[[1]], request[[2]])
  wanted <- which(dependencies %in% loadedNamespaces())
  .Call(ocpu_exit, if (length(wanted)) wanted[[1]])
}

# Where all that R has loaded can be reached from.
everything <- function() {
  base <- lapply(ls(baseenv(), all.names = TRUE, sorted = FALSE), as.name)
  c(base, lapply(search(), as.environment), lapply(loadedNamespaces(), asNamespace), list(.Options, globalenv()))
}

set_up <- function() {
  options(
    device = null_device, bitmapType = "cairo", warn = 0, browser = "false", pager = "cat", editor = "false",
    menu.graphics = FALSE, crayon.enabled = FALSE, cli.num_colors = 1L, useFancyQuotes = FALSE, encoding = "UTF-8",
    keep.source = FALSE, max.print = 1000L, scipen = 3L, warning.length = 8000L
  )
  if (capabilities("ICU")) icuSetCollate(locale = "en_US")
}

null_device <- function(...) {
  grDevices::pdf(NULL, ...)
  grDevices::dev.control(displaylist = "enable")
  graphics::par(bg = "white")
}

# One call of each kind, so that workers inherit loaded functions, compiled code, loaded modules and an open device
# instead of each paying for them.
warm_up <- function() {
  home <- getwd()
  temporary <- tempdir()
  directory <- tempfile("warm")
  dir.create(file.path(directory, "session", "files"), recursive = TRUE)
  null_device()
  form <- list(operation = "call", package = "stats", object = "rnorm", form = list(n = "3"), format = "json")
  json <- list(operation = "call", package = "stats", object = "rnorm", json = "{\"n\":3}", format = "json")
  plot <- list(operation = "call", package = "graphics", object = "plot", form = list(x = "1:3"), format = "png")
  data <- list(operation = "object", package = "datasets", object = "women", format = "csv")
  text <- list(operation = "object", package = "datasets", object = "women", format = "print")
  for (request in list(form, form, json, json, plot, data, text)) {
    request <- c(request, list(directory = directory, options = list(), libraries = as.list(.libPaths())))
    header <- jsonlite::toJSON(request, auto_unbox = TRUE, null = "null")
    reply <- handle(jsonlite::parse_json(header), 0L)
    reply_header(spill(reply, directory))
  }
  setwd(home)
  .Call(ocpu_tempdir, temporary)
  unlink(directory, recursive = TRUE)
  grDevices::graphics.off()
  null_device()
  if (exists(".Random.seed", globalenv(), inherits = FALSE)) rm(".Random.seed", envir = globalenv())
}

# Turns this worker into the engine of a package: loads it, answers on the connection that asked, which then is the
# lifeline, and serves from a socket of its own. Never returns; a package that does not load is an error.
become_engine <- function(request, descriptor) {
  .Call(ocpu_untidy)
  loaded <- loadedNamespaces()
  .Call(ocpu_listen, request[["socket"]])
  .Call(ocpu_enclose_engine, as.character(unlist(request[["readable"]])), request[["writable"]], request[["user"]])
  .Call(ocpu_tempdir, file.path(request[["directory"]], "tmp"))
  attach_package(request[["package"]], unlist(request[["libraries"]]))
  send(descriptor, list(status = 200L))
  .Call(ocpu_promote, descriptor)
  load_functions(setdiff(loadedNamespaces(), loaded))
  tell_loaded()
  serve(request[["idle"]], descriptor, most_wanted(setdiff(dependencies(request[["package"]]), loadedNamespaces())))
}

# For people who look at the engines: what each has loaded.
tell_loaded <- function() {
  names <- sort(loadedNamespaces())
  versions <- vapply(names, getNamespaceVersion, "", USE.NAMES = FALSE)
  .Call(ocpu_tell, paste0(paste(c("loaded", paste0(names, ":", versions)), collapse = " "), "\n"))
}

# As many as an exit status can tell apart.
most_wanted <- function(names) utils::head(names, 150L)

# Packages load a function when it is first used (see ?makeLazyLoadDB); done here, it is done once and not in each worker.
load_functions <- function(packages) {
  for (package in packages) {
    namespace <- asNamespace(package)
    for (name in ls(namespace, all.names = TRUE, sorted = FALSE)) {
      if (!bindingIsActive(name, namespace)) try(get(name, envir = namespace), silent = TRUE)
    }
  }
}

#' What a bare call costs
#'
#' The floor under every answer: fork this process, read a JSON call, evaluate it, write JSON and exit, with neither
#' HTTP nor a session. Used by `ocpu bench`.
#'
#' @param n number of calls.
#' @param at_once number of them at a time.
#' @return Milliseconds of wall clock of each call, a numeric vector of length `n`.
#' @export
floor_cost <- function(n, at_once) {
  expression <- quote({
    arguments <- jsonlite::fromJSON("{\"n\":3}")
    jsonlite::toJSON(do.call(stats::rnorm, arguments))
  })
  eval(expression)
  .Call(ocpu_floor, expression, environment(), as.integer(n), as.integer(at_once))
}
