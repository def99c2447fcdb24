# What a package has, as JSON: its functions with their arguments, its data sets, and what else it exports.

# One function or data set whole when the request names it, or else everything in brief.
outline_package <- function(request) {
  package <- request[["package"]]
  about <- utils::packageDescription(package, .libPaths())
  outline <- list(
    package = json_text(package), version = json_text(about$Version), title = json_text(squeezed(about$Title)),
    description = json_text(squeezed(about$Description)), path = json_text(request[["path"]])
  )
  pages <- documented(package)
  parts <- if (!is.null(request[["function"]])) {
    function_whole(package, request[["function"]], pages)
  } else if (!is.null(request[["data"]])) {
    data_whole(package, request[["data"]], pages)
  } else {
    contents(package, pages, as.integer(request[["whole"]]))
  }
  list(status = 200L, type = "application/json", body = text_bytes(json_object(c(outline[setdiff(names(outline), names(parts))], parts))))
}

# whole: as many functions and data sets are told whole; of more, brief
contents <- function(package, pages, whole = integer()) {
  names <- exported_names(package)
  objects <- lapply(names, exported_object, package = package)
  functions <- vapply(objects, is.function, NA)
  data <- data_sets(package)
  others <- !functions & !names %in% data$name
  list(
    functions = json_array(if (few(sum(functions), whole)) {
      vapply(names[functions], function(name) json_object(function_whole(package, name, pages)), "")
    } else {
      functions_brief(names[functions], objects[functions], package, pages)
    }),
    data = json_array(if (few(nrow(data), whole)) {
      vapply(data$name, function(name) json_object(data_whole(package, name, pages)), "")
    } else {
      data_brief(data, package, pages)
    }),
    objects = json_array(sprintf(
      "{\"name\":%s,\"title\":%s,\"topic\":%s,\"class\":%s}", json_text(names[others]), json_text(title_of(names[others], pages)),
      json_text(topic_of(names[others], pages)), json_text(vapply(objects[others], first_class, ""))
    ))
  )
}

few <- function(number, most) isTRUE(number <= most)

# What callers see of a package, as library(package) shows it, without what is there for R: methods, and tables of S4's.
exported_names <- function(package) {
  names <- if (package == "base") ls(baseenv()) else grep("^[.]", getNamespaceExports(package), invert = TRUE, value = TRUE)
  sort(setdiff(names, method_names(package)))
}

method_names <- function(package) {
  if (package == "base") {
    # R's own table of its methods, which are registered nowhere else
    known <- get(".S3_methods_table", baseenv())
    return(paste(known[, 1], known[, 2], sep = "."))
  }
  as.character(getNamespaceInfo(package, "S3methods")[, 3])
}

# NULL for what is made anew each time it is looked at, and for what cannot be.
exported_object <- function(name, package) {
  tryCatch(
    {
      home <- home_of(name, package)
      if (bindingIsActive(as.name(name), home)) NULL else get(name, envir = home, inherits = FALSE)
    },
    error = function(problem) NULL
  )
}

# The namespace, or the one that a package exports something from again.
home_of <- function(name, package) {
  home <- asNamespace(package)
  if (exists(name, envir = home, inherits = FALSE)) return(home)
  imports <- if (package != "base") parent.env(home)
  if (!is.null(imports) && exists(name, envir = imports, inherits = FALSE)) imports else package_environment(package)
}

first_class <- function(object) if (is.null(object)) NA_character_ else class(object)[[1]]

functions_brief <- function(names, functions, package, pages) {
  titles <- title_of(names, pages)
  again <- which(is.na(titles) | topic_of(names, pages) %in% "reexports")
  titles[again] <- mapply(title_at_origin, names[again], functions[again], titles[again], package)
  arguments <- vapply(functions, function(object) json_array(arguments_brief(arguments_of(object))), "")
  sprintf(
    "{\"name\":%s,\"title\":%s,\"topic\":%s,\"arguments\":%s}", json_text(names), json_text(titles),
    json_text(topic_of(names, pages)), arguments
  )
}

# What a package exports from another one is described there.
title_at_origin <- function(name, object, title, package) {
  origin <- origin_of(object)
  if (is.null(origin) || origin == package) return(title)
  there <- title_of(name, documented(origin))
  if (is.na(there)) title else there
}

origin_of <- function(object) {
  home <- if (!is.null(environment(object))) topenv(environment(object))
  if (!is.null(home) && isNamespace(home)) getNamespaceName(home)[[1]]
}

# Formal arguments, also those of what is not written in R; none for what is syntax, such as `if`.
arguments_of <- function(object) {
  described <- if (is.primitive(object)) args(object) else object
  if (is.null(described)) list() else as.list(formals(described))
}

arguments_brief <- function(arguments) {
  sprintf("{\"name\":%s,\"default\":%s}", json_text(names(arguments)), json_text(defaults(arguments)))
}

# R code; NA where there is none.
defaults <- function(arguments) {
  vapply(arguments, function(default) {
    if (identical(default, quote(expr = ))) NA_character_ else paste(deparse(default, width.cutoff = 500L), collapse = "\n")
  }, "")
}

function_whole <- function(package, name, pages) {
  object <- callable(package, name)
  page <- page_of(name, pages)
  origin <- origin_of(object)
  if ((is.null(page) || topic_of(name, pages) %in% "reexports") && !is.null(origin) && origin != package) {
    there <- page_of(name, documented(origin))
    if (!is.null(there)) page <- there
  }
  arguments <- arguments_of(object)
  title <- section_text(page, "\\title")
  examples <- examples_of(page)
  list(
    name = json_text(name), title = json_text(title), topic = json_text(topic_of(name, pages)),
    usage = json_text(usage_of(page, name, arguments)),
    description = json_text(section_text(page, "\\description")),
    arguments = json_array(arguments_whole(object, arguments, page)),
    value = json_text(section_text(page, "\\value")), examples = json_text(examples),
    example = example_arguments(package, name, object, examples), draws = if (draws(package, object)) "true" else "false"
  )
}

# Anything that can be called at the package's address.
callable <- function(package, name) {
  object <- tryCatch(package_object(package, name), error = function(problem) NULL)
  if (!is.function(object)) fail(404L, "Package ", package, " has no function '", name, "'.")
  object
}

arguments_whole <- function(object, arguments, page) {
  described <- argument_texts(page)
  defaults <- defaults(arguments)
  vapply(seq_along(arguments), function(i) {
    name <- names(arguments)[[i]]
    choices <- choices_of(object, name, arguments[[i]])
    json_object(c(
      list(
        name = json_text(name), default = json_text(defaults[[i]]),
        required = if (is_required(object, name, defaults[[i]])) "true" else "false",
        description = json_text(if (name %in% names(described)) described[[name]] else NA_character_)
      ),
      if (length(choices)) list(choices = json_array(json_text(choices)))
    ))
  }, "")
}

# What has neither a default nor is asked for with missing().
is_required <- function(object, name, default) {
  is.na(default) && name != "..." && !is_given_to(name, "missing", body(object))
}

# The strings that a function chooses one of, as match.arg() does.
choices_of <- function(object, name, default) {
  strings <- is.call(default) && identical(default[[1]], quote(c)) && all(vapply(as.list(default)[-1], is.character, NA))
  matching <- c("match.arg", "arg_match", "arg_match0", "match_arg", "pmatch")
  if (strings && length(default) > 2L && is_given_to(name, matching, body(object))) as.character(as.list(default)[-1])
}

# Whether code calls one of these functions with that argument first.
is_given_to <- function(name, functions, code) {
  if (!is.call(code)) return(FALSE) # a body may be a mere name
  called <- code[[1]]
  if (is.call(called) && length(called) == 3L) called <- called[[3]] # package::function
  first <- is.name(called) && as.character(called) %in% functions && length(code) > 1L
  if (first && identical(code[[2]], as.name(name))) return(TRUE)
  for (i in seq_along(code)) {
    if (is.call(code[[i]]) && is_given_to(name, functions, code[[i]])) return(TRUE)
  }
  FALSE
}

# The arguments of the first call in the examples that stands alone: nothing in it was made by the lines before.
example_arguments <- function(package, name, object, examples) {
  code <- tryCatch(parse(text = examples, keep.source = FALSE), error = function(problem) NULL)
  calls <- unlist(lapply(as.list(code), calls_of, name = name), recursive = FALSE)
  made <- unlist(lapply(as.list(code), assigned))
  for (call in calls) {
    matched <- tryCatch(as.list(match.call(args(object), call))[-1], error = function(problem) NULL)
    known <- unlist(lapply(matched, all.names))
    alone <- !any(known %in% made) && all(vapply(known, exists, NA, envir = package_environment(package)))
    if (!is.null(matched) && alone && all(nzchar(names(matched)))) {
      return(json_array(sprintf("{\"name\":%s,\"value\":%s}", json_text(names(matched)), json_text(defaults(matched)))))
    }
  }
  "[]"
}

calls_of <- function(code, name) {
  if (!is.call(code)) return(list())
  if (identical(code[[1]], as.name(name))) return(list(code))
  unlist(lapply(as.list(code), function(part) if (!missing(part)) calls_of(part, name)), recursive = FALSE)
}

assigned <- function(code) {
  if (is.call(code) && as.character(code[[1]])[[1]] %in% c("<-", "=", "<<-", "for")) all.vars(code[[2]])
}

# Whether a function calls one that draws, itself or by another one of its package.
draws <- function(package, object, deep = 2L) {
  if (package == "graphics") return(TRUE)
  called <- all.names(body(object))
  if (any(called %in% c(getNamespaceExports("graphics"), "ggplot", "qplot", "grid.draw", "xyplot"))) return(TRUE)
  if (deep == 0L || package == "base") return(FALSE)
  own <- intersect(called, ls(asNamespace(package), all.names = TRUE))
  for (name in own) {
    other <- tryCatch(get(name, asNamespace(package)), error = function(problem) NULL)
    if (is.function(other) && !identical(other, object) && draws(package, other, deep - 1L)) return(TRUE)
  }
  FALSE
}

squeezed <- function(text) if (is.null(text)) NA_character_ else trimws(gsub("[[:space:]]+", " ", text))

# Text as JSON strings, NA and nothing as null.
json_text <- function(text) {
  if (is.null(text)) return("null")
  ifelse(is.na(text), "null", json_string(as.character(text)))
}

json_number <- function(number) if (is.null(number) || is.na(number)) "null" else format(number, scientific = FALSE)

json_array <- function(items) paste0("[", paste(items, collapse = ","), "]")

json_object <- function(fields) paste0("{", paste0("\"", names(fields), "\":", fields, collapse = ","), "}")
