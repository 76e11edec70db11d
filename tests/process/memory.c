/*
 * Holds src/memory.c against the functions of this system: every length up to 300 and some beyond, from every offset from a
 * boundary, to ranges in front and behind that overlap or not, at the edges of memory that nothing may touch.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NAME(name) own_##name
#include "../../src/memory.c"

static unsigned state = 1;

static unsigned char some(void) {
  state = state * 1103515245 + 12345;
  return state >> 16;
}

static void hold(int holds, const char *what, size_t n, size_t at, size_t other) {
  if (!holds) {
    printf("%s: %zu bytes, %zu, %zu\n", what, n, at, other);
    exit(1);
  }
}

/* So many bytes between two pages that nothing may touch; what is asked for lies at the start or at the end of them. */
static unsigned char *fenced(size_t bytes) {
  size_t page = sysconf(_SC_PAGESIZE);
  unsigned char *start = mmap(NULL, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + page, bytes, PROT_READ | PROT_WRITE)) exit(2);
  return start + page;
}

enum { SPACE = 4096 * 4, GUARD = 64 };

static unsigned char before[SPACE];

static void moves(unsigned char *space, size_t n, size_t from, size_t to) {
  static unsigned char expected[SPACE];
  memcpy(expected, before, SPACE);
  memcpy(space, before, SPACE);
  memmove(expected + to, before + from, n);
  hold(own_memmove(space + to, space + from, n) == space + to, "memmove returns", n, from, to);
  hold(!memcmp(space, expected, SPACE), "memmove", n, from, to);
  memcpy(space, before, SPACE);
  hold(own_memcpy(space + to, space + from, n) == space + to, "memcpy returns", n, from, to);
  hold(!memcmp(space, expected, SPACE), "memcpy", n, from, to);
}

static int sign(int number) {
  return (number > 0) - (number < 0);
}

static void compares(unsigned char *a, unsigned char *b, size_t n) {
  for (size_t i = 0; i < n; i++) a[i] = b[i] = some();
  hold(own_memcmp(a, b, n) == 0 && own_bcmp(a, b, n) == 0, "equal", n, 0, 0);
  for (size_t at = 0; at < n; at += n > 300 ? 37 : 1) {
    unsigned char was = b[at];
    b[at] = some();
    /* What stands behind the first that differs does not count. */
    unsigned char *behind = b + at + (some() % (n - at)), kept = *behind;
    *behind ^= 0xff;
    hold(sign(own_memcmp(a, b, n)) == sign(memcmp(a, b, n)), "memcmp", n, at, 0);
    hold(sign(own_memcmp(b, a, n)) == sign(memcmp(b, a, n)), "memcmp", n, at, 1);
    hold(!own_bcmp(a, b, n) == !memcmp(a, b, n), "bcmp", n, at, 0);
    *behind = kept;
    b[at] = was;
  }
}

int main(void) {
  static const size_t long_ones[] = {301, 511, 512, 513, 1000, 4095, 4096, 4097, 6000};
  unsigned char *space = fenced(SPACE), *other = fenced(SPACE);
  size_t tried = 0;
  for (size_t number = 0; number <= 300 + sizeof long_ones / sizeof *long_ones; number++) {
    size_t n = number <= 300 ? number : long_ones[number - 301];
    for (size_t i = 0; i < SPACE; i++) before[i] = some();
    /* At the edges, from one end to the other. */
    moves(space, n, 0, SPACE - n);
    moves(space, n, SPACE - n, 0);
    moves(space, n, 0, 0);
    moves(space, n, SPACE - n, SPACE - n);
    /* Beside and over each other. */
    for (size_t from = 0; from < 16; from++) {
      for (size_t distance = 0; distance <= n + 1; distance += n > 80 ? 1 + n / 23 : 1) {
        moves(space, n, GUARD + from, GUARD + from + distance);
        moves(space, n, GUARD + from + distance, GUARD + from);
        tried += 2;
      }
    }
    compares(space, other, n);
    compares(space + SPACE - n, other + SPACE - n, n);
    compares(space + 3, other + SPACE - n, n);
    compares(space + SPACE - n, other + 5, n);
  }
  printf("%zu moves\n", tried);
  return 0;
}
