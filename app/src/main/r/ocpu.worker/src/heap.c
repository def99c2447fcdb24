#define _GNU_SOURCE
#include "worker.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What R's internals.h does not declare, but libR exports. */
SEXP(FRAME)(SEXP x);
SEXP(HASHTAB)(SEXP x);
SEXP(SYMVALUE)(SEXP x);

#define MOST 4000000
#define SIZES 6
#define SYSTEM_PAGE 4096
#define CHUNK_STEP 16  /* malloc's sizes are multiples of it */
#define NODE_PAGE 2000 /* what R asks malloc for at a time to make small objects of (memory.c, R_PAGE_SIZE) */

/* A node of R's size class for vectors of that many bytes; 0 for those that are no vectors. */
static SEXP node_of(R_xlen_t bytes) {
  return bytes ? Rf_allocVector(RAWSXP, bytes) : Rf_cons(R_NilValue, R_NilValue);
}

/* After a collection, free nodes are scattered over all of the heap: each that a worker uses is another page copied. Takes them
 * out of use until new ones come from beyond the heap's present end. Returns what must stay allocated. */
static SEXP use_scattered_nodes(R_xlen_t bytes, uintptr_t end) {
  SEXP kept = PROTECT(R_NilValue);
  for (int n = 1; n <= MOST; n++) {
    SEXP node = PROTECT(node_of(bytes));
    int fresh = (uintptr_t)node >= end;
    if (bytes) {
      kept = Rf_cons(node, kept);
    } else {
      SETCDR(node, kept);
      kept = node;
    }
    UNPROTECT(2);
    PROTECT(kept);
    if (fresh) break;
  }
  UNPROTECT(1);
  return kept;
}

/* The same for the memory that malloc has to give before it asks the kernel for more: it stays with this process. */
static void use_scattered_chunks(uintptr_t end) {
  void *volatile chunk; /* volatile: the compiler may drop a malloc whose result is not used */
  for (size_t size = NODE_PAGE; size >= CHUNK_STEP; size -= CHUNK_STEP)
    do chunk = malloc(size);
    while (chunk && (uintptr_t)chunk < end);
}

/* Sorts malloc's free lists, which the first large malloc would otherwise do in every worker, writing to every free chunk. */
static void sort_free_chunks(void) {
  malloc_trim(0);
  void *volatile large = malloc(1 << 20); /* volatile: the compiler may drop a pair of malloc and free */
  free(large);
}

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#define HUGE_PAGE ((uintptr_t)2 << 20)

/* Puts the heap into huge pages: a fork copies, and an exit frees, one entry for 2 MB instead of 512. The kernel splits one where
 * a child writes. Only a speed-up: a kernel that cannot (before 6.1, or without transparent huge pages) leaves all as it is. */
static void collapse_heap(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  bail_if(!maps, "read this process's memory map");
  char line[512];
  while (fgets(line, sizeof line, maps)) {
    uintptr_t from, to;
    char access[5], name[256] = "";
    if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %255s", &from, &to, access, name) < 3) continue;
    if (strcmp(access, "rw-p") != 0 || (name[0] && strcmp(name, "[heap]") != 0)) continue;
    from = (from + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    to &= ~(HUGE_PAGE - 1);
    for (uintptr_t at = from; at < to; at += HUGE_PAGE) madvise((void *)at, HUGE_PAGE, MADV_COLLAPSE);
  }
  fclose(maps);
}

/* What is left at the heap's end is in a page of this process, of which each worker would copy the small pages that it uses. Taken out
 * of use, so that a worker begins with memory of its own, which the kernel clears in huge pages (see BaseEngine, GLIBC_TUNABLES). */
static void use_up_end(void) {
  malloc_trim(0);
  size_t left = mallinfo2().keepcost;
  if (left <= SYSTEM_PAGE) return;
  void *volatile rest = malloc(left - SYSTEM_PAGE);
  (void)rest;
}

/* What tidy_heap took out of use of R's objects. */
static SEXP kept[SIZES];

void untidy_heap(void) {
  for (size_t i = 0; i < SIZES; i++) {
    if (kept[i]) R_ReleaseObject(kept[i]);
    kept[i] = NULL;
  }
}

void tidy_heap(void) {
  static const R_xlen_t sizes[SIZES] = {8, 16, 32, 64, 128, 0}; /* R's classes of small objects, in bytes of their data */
  sort_free_chunks();
  uintptr_t end = (uintptr_t)sbrk(0);
  use_scattered_chunks(end);
  for (size_t i = 0; i < SIZES; i++) R_PreserveObject(kept[i] = use_scattered_nodes(sizes[i], end));
  R_gc(); /* with all that in use R raises its limits, so that a short call ends before it would collect garbage */
  sort_free_chunks();
  collapse_heap();
  use_up_end();
}

SEXP ocpu_untidy(void) {
  untidy_heap();
  return R_NilValue;
}

/* ---- reference counts ------------------------------------------------------------------------------------------------
 * R writes a count into each object that is referred to, so a call copies the pages of every symbol, argument list and constant
 * that it meets. A count at its maximum is never written again (Rinternals.h, MARK_NOT_MUTABLE: such an object counts as
 * shared and is duplicated before it is changed). What an engine has loaded is set to the maximum, once. */

/* Objects seen: a hash set with open addressing. */
static struct seen_set {
  SEXP *slots;
  size_t size, used;
} seen;

static size_t seen_slot(SEXP x, const SEXP *slots, size_t size) {
  size_t i = ((uintptr_t)x >> 3) * (size_t)11400714819323198485u & (size - 1);
  while (slots[i] && slots[i] != x) i = (i + 1) & (size - 1);
  return i;
}

static void seen_grow(void) {
  size_t size = seen.size ? 2 * seen.size : 1 << 20;
  SEXP *slots = calloc(size, sizeof *slots);
  bail_if(!slots, "make room for the set of objects");
  for (size_t i = 0; i < seen.size; i++)
    if (seen.slots[i]) slots[seen_slot(seen.slots[i], slots, size)] = seen.slots[i];
  free(seen.slots);
  seen.slots = slots;
  seen.size = size;
}

/* Whether x is new to the set, which has it afterwards. */
static int seen_add(SEXP x) {
  if (2 * seen.used >= seen.size) seen_grow();
  size_t i = seen_slot(x, seen.slots, seen.size);
  if (seen.slots[i]) return 0;
  seen.slots[i] = x;
  seen.used++;
  return 1;
}

/* Objects to visit. */
static struct todo_list {
  SEXP *items;
  size_t size, used;
} todo;

static void visit(SEXP x) {
  if (!x || x == R_NilValue || x == R_UnboundValue || !seen_add(x)) return;
  if (todo.used == todo.size) {
    todo.size = todo.size ? 2 * todo.size : 1 << 16;
    todo.items = realloc(todo.items, todo.size * sizeof *todo.items);
    bail_if(!todo.items, "make room for the objects to visit");
  }
  todo.items[todo.used++] = x;
}

static void visit_parts(SEXP x) {
  switch (TYPEOF(x)) {
    case LISTSXP:
    case LANGSXP:
    case DOTSXP:
    case BCODESXP: /* code and constants */
      visit(CAR(x));
      visit(CDR(x));
      if (TYPEOF(x) != BCODESXP) visit(TAG(x));
      break;
    case CLOSXP:
      visit(FORMALS(x));
      visit(BODY(x));
      visit(CLOENV(x));
      break;
    case ENVSXP:
      visit(FRAME(x));
      visit(HASHTAB(x));
      visit(ENCLOS(x));
      break;
    case PROMSXP:
      visit(PRVALUE(x));
      visit(PRCODE(x));
      visit(PRENV(x));
      break;
    case SYMSXP:
      visit(PRINTNAME(x));
      visit(SYMVALUE(x));
      break;
    case VECSXP:
    case EXPRSXP:
      for (R_xlen_t i = 0; i < XLENGTH(x); i++) visit(VECTOR_ELT(x, i));
      break;
    case STRSXP:
      if (!ALTREP(x))
        for (R_xlen_t i = 0; i < XLENGTH(x); i++) visit(STRING_ELT(x, i));
      break;
    default: break;
  }
  if (TYPEOF(x) != CHARSXP) visit(ATTRIB(x));
}

static void forget_visits(void) {
  free(seen.slots);
  free(todo.items);
  seen = (struct seen_set){0};
  todo = (struct todo_list){0};
}

/* Sets the counts of all that can be reached from the roots, a list. Takes about 50 ms. */
SEXP ocpu_settle_counts(SEXP roots) {
  visit(roots);
  while (todo.used) {
    SEXP x = todo.items[--todo.used];
    MARK_NOT_MUTABLE(x);
    visit_parts(x);
  }
  forget_visits();
  return R_NilValue;
}
