#include "worker.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <R_ext/Connections.h>

#if R_CONNECTIONS_VERSION != 1
#error "ocpu.worker knows version 1 of R's connections"
#endif

#define FIRST_SIZE 4096

/* What a call printed. It outlives the connection: a call may close all connections. */
static struct printed {
  char *bytes;
  size_t size, used, taken, total, limit;
} printed;

static int grow(size_t wanted) {
  size_t size = printed.size ? printed.size : FIRST_SIZE;
  while (size < wanted) size *= 2;
  if (size == printed.size) return 1;
  char *bytes = realloc(printed.bytes, size);
  if (!bytes) return 0;
  printed.bytes = bytes;
  printed.size = size;
  return 1;
}

/* R's strings hold no zero bytes. */
static void append(const char *from, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (from[i]) printed.bytes[printed.used++] = from[i];
}

static int over_limit(void) { return printed.total > printed.limit; }

/* The first write beyond the limit is an error, which ends the call unless it is caught; later ones go nowhere, so that
 * handlers that print can run. */
static size_t write_output(const void *bytes, size_t size, size_t count, Rconnection connection) {
  (void)connection;
  size_t length = size * count;
  if (over_limit()) return count;
  printed.total += length;
  if (over_limit()) Rf_errorcall(R_NilValue, "The call printed more than output.max = %.0f bytes.", (double)printed.limit);
  if (!grow(printed.used + length)) Rf_errorcall(R_NilValue, "No memory is left for what the call prints.");
  append(bytes, length);
  return count;
}

/* A new connection, open for writing, that keeps what is printed until ocpu_take_output. */
SEXP ocpu_open_output(SEXP limit) {
  double most = Rf_asReal(limit);
  printed.used = printed.taken = printed.total = 0;
  printed.limit = most < INT_MAX ? (size_t)most : INT_MAX; /* the most that an R string holds */
  Rconnection connection;
  SEXP number = PROTECT(R_new_custom_connection("output", "w", "ocpu_output", &connection));
  connection->isopen = TRUE;
  connection->text = TRUE;
  connection->canread = FALSE;
  connection->canwrite = TRUE;
  connection->write = write_output;
  UNPROTECT(1);
  return number;
}

/* What was printed since the last time: a string, or NULL for nothing. */
SEXP ocpu_take_output(void) {
  size_t length = printed.used - printed.taken;
  if (!length) return R_NilValue;
  SEXP text = PROTECT(Rf_mkCharLenCE(printed.bytes + printed.taken, (int)length, CE_UTF8));
  printed.used = printed.taken = 0;
  text = Rf_ScalarString(text);
  UNPROTECT(1);
  return text;
}

SEXP ocpu_output_over_limit(void) { return Rf_ScalarLogical(over_limit()); }
