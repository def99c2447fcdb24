#include "worker.h"

#include <stdio.h>
#include <string.h>

static SEXP json_string(const char *text) {
  char *quoted = R_alloc(6 * strlen(text) + 3, 1), *to = quoted;
  *to++ = '"';
  for (const unsigned char *from = (const unsigned char *)text; *from; from++) {
    if (*from < 0x20) {
      to += sprintf(to, "\\u%04x", *from);
    } else {
      if (*from == '"' || *from == '\\') *to++ = '\\';
      *to++ = (char)*from;
    }
  }
  *to++ = '"';
  return Rf_mkCharLenCE(quoted, (int)(to - quoted), CE_UTF8);
}

SEXP ocpu_json_string(SEXP texts) {
  SEXP quoted = PROTECT(Rf_allocVector(STRSXP, XLENGTH(texts)));
  for (R_xlen_t i = 0; i < XLENGTH(texts); i++) SET_STRING_ELT(quoted, i, json_string(CHAR(STRING_ELT(texts, i))));
  UNPROTECT(1);
  return quoted;
}

/* How deeply arrays and objects are nested in a JSON text, which need not be valid. */
SEXP ocpu_json_depth(SEXP text) {
  int depth = 0, deepest = 0, quoted = 0;
  for (const char *at = CHAR(STRING_ELT(text, 0)); *at; at++) {
    if (quoted) {
      if (*at == '\\' && at[1]) at++;
      else if (*at == '"') quoted = 0;
    } else if (*at == '"') {
      quoted = 1;
    } else if (*at == '[' || *at == '{') {
      if (++depth > deepest) deepest = depth;
    } else if (*at == ']' || *at == '}') {
      depth--;
    }
  }
  return Rf_ScalarInteger(deepest);
}
