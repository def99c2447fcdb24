#' Serve calls until the server ends
#'
#' Loads and warms what every call needs, then serves a Unix socket: a few idle children wait in accept(), each answers one
#' request and exits. Standard input is the lifeline: when it ends, the engine and its workers end. Standard output carries
#' events, a line each: `ready` and `exit PID signal|status N timeout|-`.
#'
#' @param socket path of the Unix socket to listen on.
#' @param idle number of children kept waiting.
#' @param preload names of packages to load before forking.
#' @return Never returns.
#' @export
engine <- function(socket, idle = 4L, preload = character()) {
  set_up()
  for (package in preload) loadNamespace(package)
  watch_pages()
  warm_up()
  .Call(ocpu_listen, socket)
  serve(idle, 0L)
}

serve <- function(idle, lifeline) {
  .Call(ocpu_settle_counts, everything())
  gc(full = TRUE)
  request <- .Call(ocpu_serve, as.integer(idle), lifeline)
  answer(request[[1]], request[[2]])
  .Call(ocpu_exit)
}

# Where all that R has loaded can be reached from.
everything <- function() {
  base <- lapply(ls(baseenv(), all.names = TRUE, sorted = FALSE), as.name)
  c(base, lapply(search(), as.environment), lapply(loadedNamespaces(), asNamespace), list(.Options, globalenv()))
}

set_up <- function() {
  options(
    device = null_device, bitmapType = "cairo", warn = 0, browser = "false", pager = "cat", editor = "false",
    menu.graphics = FALSE, crayon.enabled = FALSE, cli.num_colors = 1L, useFancyQuotes = FALSE, encoding = "UTF-8"
  )
  if (capabilities("ICU")) icuSetCollate(locale = "en_US")
}

null_device <- function(...) {
  grDevices::pdf(NULL, ...)
  grDevices::dev.control(displaylist = "enable")
}

# One call of each kind, so that workers inherit compiled code, loaded modules and an open device instead of each
# paying for them. The device stays open: evaluate() records on it.
warm_up <- function() {
  directory <- tempfile("warm")
  dir.create(file.path(directory, "session", "files"), recursive = TRUE)
  home <- setwd(directory)
  on.exit({
    setwd(home)
    unlink(directory, recursive = TRUE)
  })
  null_device()
  for (i in 1:3) {
    request <- list(
      package = "stats", object = "rnorm", form = list(n = "3", mean = "0"), format = "json", directory = directory,
      options = list(), sessions = list(), libraries = as.list(.libPaths())
    )
    header <- enc2utf8(as.character(jsonlite::toJSON(request, auto_unbox = TRUE)))
    request <- jsonlite::parse_json(header)
    reply_header(call_function(request))
    request[["form"]] <- NULL
    request$json <- "{\"n\":3}"
    call_function(request)
    setwd(directory)
  }
  graphics::plot(1:3)
  plot <- grDevices::recordPlot()
  for (format in c("png", "svg")) render(plot, format, list(), "plot")
  for (format in c("print", "csv", "rds")) render(data.frame(a = 1:2), format, list(), "object")
  grDevices::graphics.off()
  null_device()
  if (exists(".Random.seed", globalenv(), inherits = FALSE)) rm(".Random.seed", envir = globalenv())
}

# Turns this worker into the engine of a package: loads it, answers on the connection that asked, which then is the
# lifeline, and serves from a socket of its own. Never returns; a package that does not load is an error.
become_engine <- function(request, descriptor) {
  attach_package(request$package, unlist(request$libraries))
  .Call(ocpu_listen, request$socket)
  send(descriptor, list(status = 200L))
  .Call(ocpu_promote)
  serve(request$idle, descriptor)
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
