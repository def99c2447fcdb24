#include "worker.h"

#include <R_ext/Rdynload.h>

/* What R calls; each is described where it is defined. */
SEXP ocpu_listen(SEXP);
SEXP ocpu_serve(SEXP, SEXP, SEXP);
SEXP ocpu_ready(SEXP);
SEXP ocpu_tell(SEXP);
SEXP ocpu_enclose(SEXP);
SEXP ocpu_enclose_engine(SEXP, SEXP, SEXP);
SEXP ocpu_drawn(void);
SEXP ocpu_drawn_on(void);
SEXP ocpu_json_string(SEXP);
SEXP ocpu_reply(SEXP, SEXP, SEXP);
SEXP ocpu_exit(SEXP);
SEXP ocpu_promote(SEXP);
SEXP ocpu_tempdir(SEXP);
SEXP ocpu_redirect(SEXP);
SEXP ocpu_write(SEXP, SEXP);
SEXP ocpu_store(SEXP, SEXP);
SEXP ocpu_stored(void);
SEXP ocpu_floor(SEXP, SEXP, SEXP, SEXP);
SEXP ocpu_open_output(SEXP);
SEXP ocpu_take_output(void);
SEXP ocpu_output_over_limit(void);
SEXP ocpu_json_depth(SEXP);

static const R_CallMethodDef routines[] = {{"ocpu_listen", (DL_FUNC)&ocpu_listen, 1},
                                           {"ocpu_serve", (DL_FUNC)&ocpu_serve, 3},
                                           {"ocpu_untidy", (DL_FUNC)&ocpu_untidy, 0},
                                           {"ocpu_ready", (DL_FUNC)&ocpu_ready, 1},
                                           {"ocpu_tell", (DL_FUNC)&ocpu_tell, 1},
                                           {"ocpu_enclose", (DL_FUNC)&ocpu_enclose, 1},
                                           {"ocpu_enclose_engine", (DL_FUNC)&ocpu_enclose_engine, 3},
                                           {"ocpu_drawn", (DL_FUNC)&ocpu_drawn, 0},
                                           {"ocpu_drawn_on", (DL_FUNC)&ocpu_drawn_on, 0},
                                           {"ocpu_json_string", (DL_FUNC)&ocpu_json_string, 1},
                                           {"ocpu_reply", (DL_FUNC)&ocpu_reply, 3},
                                           {"ocpu_exit", (DL_FUNC)&ocpu_exit, 1},
                                           {"ocpu_promote", (DL_FUNC)&ocpu_promote, 1},
                                           {"ocpu_settle_counts", (DL_FUNC)&ocpu_settle_counts, 1},
                                           {"ocpu_tempdir", (DL_FUNC)&ocpu_tempdir, 1},
                                           {"ocpu_redirect", (DL_FUNC)&ocpu_redirect, 1},
                                           {"ocpu_store", (DL_FUNC)&ocpu_store, 2},
                                           {"ocpu_stored", (DL_FUNC)&ocpu_stored, 0},
                                           {"ocpu_write", (DL_FUNC)&ocpu_write, 2},
                                           {"ocpu_floor", (DL_FUNC)&ocpu_floor, 4},
                                           {"ocpu_open_output", (DL_FUNC)&ocpu_open_output, 1},
                                           {"ocpu_take_output", (DL_FUNC)&ocpu_take_output, 0},
                                           {"ocpu_output_over_limit", (DL_FUNC)&ocpu_output_over_limit, 0},
                                           {"ocpu_json_depth", (DL_FUNC)&ocpu_json_depth, 1},
                                           {NULL, NULL, 0}};

void R_init_ocpu_worker(DllInfo *dll) {
  R_registerRoutines(dll, NULL, routines, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
}
