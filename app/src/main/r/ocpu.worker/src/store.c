#define _GNU_SOURCE
#include "worker.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* Writes objects to files as saveRDS() does. R serializes into blocks; a thread compresses and writes those of earlier objects
 * meanwhile, since for large objects both take about as long. Small objects are written as they are, by R's own thread. */

#define BLOCK (128 * 1024)
#define SMALL 4096 /* a file of one disk block is no smaller when compressed */
#define WAITING 32 /* blocks that may wait for the thread */

typedef struct {
  int fd;
  int first, last; /* of its file */
  size_t used;
  unsigned char bytes[BLOCK];
} block;

/* The blocks between R and the thread, first in, first out. */
static struct {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  block *blocks[WAITING];
  int count, closed, failed;
} queue = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static pthread_t compressor;
static int running = 0;

static void put(block *b) {
  pthread_mutex_lock(&queue.lock);
  while (queue.count == WAITING) pthread_cond_wait(&queue.changed, &queue.lock);
  queue.blocks[queue.count++] = b;
  pthread_cond_signal(&queue.changed);
  pthread_mutex_unlock(&queue.lock);
}

/* NULL when no more will come. */
static block *take(void) {
  pthread_mutex_lock(&queue.lock);
  while (!queue.count && !queue.closed) pthread_cond_wait(&queue.changed, &queue.lock);
  block *b = queue.count ? queue.blocks[0] : NULL;
  if (b) memmove(queue.blocks, queue.blocks + 1, (size_t)--queue.count * sizeof *queue.blocks);
  pthread_cond_signal(&queue.changed);
  pthread_mutex_unlock(&queue.lock);
  return b;
}

/* Compresses what is in the block, and at its end finishes the file. */
static int deflate_block(z_stream *stream, block *b) {
  static unsigned char out[BLOCK];
  stream->next_in = b->bytes;
  stream->avail_in = (uInt)b->used;
  do {
    stream->next_out = out;
    stream->avail_out = sizeof out;
    if (deflate(stream, b->last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) return -1;
    if (write_fully(b->fd, out, sizeof out - stream->avail_out) < 0) return -1;
  } while (stream->avail_out == 0);
  return 0;
}

static void *compress_blocks(void *unused) {
  (void)unused;
  z_stream stream;
  for (block *b = take(); b; b = take()) {
    if (b->first) {
      memset(&stream, 0, sizeof stream);
      /* 31: gzip's format with the largest window; level 1, because a session is written once and seldom read */
      if (deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) queue.failed = 1;
    }
    if (!queue.failed && deflate_block(&stream, b) < 0) queue.failed = 1;
    if (b->last) {
      deflateEnd(&stream);
      if (close(b->fd) < 0) queue.failed = 1;
    }
    free(b);
  }
  return NULL;
}

/* R's signal handlers are to run in R's thread. */
static void start_compressor(void) {
  sigset_t all, before;
  queue.closed = queue.failed = 0;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&compressor, NULL, compress_blocks, NULL);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  bail_if(failed, "start a thread");
  running = 1;
}

static block *new_block(int fd, int first) {
  block *b = malloc(sizeof *b);
  bail_if(!b, "allocate memory");
  b->fd = fd;
  b->first = first;
  b->last = 0;
  b->used = 0;
  return b;
}

static void out_bytes(R_outpstream_t stream, void *bytes, int length) {
  block **current = stream->data;
  const unsigned char *from = bytes;
  while (length > 0) {
    block *b = *current;
    if (b->used == BLOCK) {
      if (!running) start_compressor();
      *current = new_block(b->fd, 0);
      put(b);
      b = *current;
    }
    size_t part = BLOCK - b->used;
    if (part > (size_t)length) part = (size_t)length;
    memcpy(b->bytes + b->used, from, part);
    b->used += part;
    from += part;
    length -= (int)part;
  }
}

static void out_char(R_outpstream_t stream, int c) {
  unsigned char byte = (unsigned char)c;
  out_bytes(stream, &byte, 1);
}

/* Begins to write an object to a file; it is complete after ocpu_stored(). */
SEXP ocpu_store(SEXP object, SEXP path) {
  int fd = open(Rf_translateChar(STRING_ELT(path, 0)), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bail_if(fd < 0, "create a file of the session");
  block *current = new_block(fd, 1);
  struct R_outpstream_st stream;
  R_InitOutPStream(&stream, (R_pstream_data_t)&current, R_pstream_binary_format, 3, out_char, out_bytes, NULL, R_NilValue);
  R_Serialize(object, &stream);
  if (current->first && current->used <= SMALL) {
    int failed = write_fully(fd, current->bytes, current->used) < 0;
    failed |= close(fd) < 0;
    free(current);
    bail_if(failed, "write a file of the session");
    return R_NilValue;
  }
  if (!running) start_compressor();
  current->last = 1;
  put(current);
  return R_NilValue;
}

/* Waits until all objects are written. */
SEXP ocpu_stored(void) {
  if (!running) return R_NilValue;
  pthread_mutex_lock(&queue.lock);
  queue.closed = 1;
  pthread_cond_signal(&queue.changed);
  pthread_mutex_unlock(&queue.lock);
  pthread_join(compressor, NULL);
  running = 0;
  bail_if(queue.failed, "write a file of the session");
  return R_NilValue;
}
