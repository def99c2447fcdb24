#include "worker.h"

#include <malloc.h>
#include <stdlib.h>
#define R_NO_REMAP
#include <Rinternals.h>

#define WINDOW 1000
#define DENSE 100
#define MOST 2000000
#define PAGE_BITS 12

/* A node of R's size class for vectors of that many bytes; 0 for those that are no vectors. */
static SEXP node_of(R_xlen_t bytes) {
  return bytes ? Rf_allocVector(RAWSXP, bytes) : Rf_cons(R_NilValue, R_NilValue);
}

/* After a collection, free nodes are scattered: the next thousand allocations would each touch, and so copy, another page.
 * Takes them out of use until the allocator hands out neighbours. Returns what must stay allocated. */
static SEXP use_scattered_nodes(R_xlen_t bytes) {
  SEXP kept = PROTECT(R_NilValue);
  uintptr_t last = 0;
  int pages = WINDOW;
  for (int n = 1; n <= MOST; n++) {
    SEXP node = PROTECT(node_of(bytes));
    uintptr_t at = (uintptr_t)node;
    pages += at >> PAGE_BITS != last >> PAGE_BITS;
    last = at;
    if (bytes) {
      kept = Rf_cons(node, kept);
    } else {
      SETCDR(node, kept);
      kept = node;
    }
    UNPROTECT(2);
    PROTECT(kept);
    if (n % WINDOW == 0) {
      if (pages < DENSE) break;
      pages = 0;
    }
  }
  UNPROTECT(1);
  return kept;
}

/* Sorts malloc's free lists, which the first large malloc would otherwise do in every worker, writing to every free chunk. */
static void sort_free_chunks(void) {
  malloc_trim(0);
  void *volatile large = malloc(1 << 20); /* volatile: the compiler may drop a pair of malloc and free */
  free(large);
}

void tidy_heap(void) {
  static const R_xlen_t sizes[] = {8, 16, 32, 64, 128, 0};
  sort_free_chunks();
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) R_PreserveObject(use_scattered_nodes(sizes[i]));
  sort_free_chunks();
}
