/*
 * memcpy, memmove, memcmp and bcmp of the static binary for x86-64. Those of musl copy by `rep movsq`, which takes longer to
 * start than most copies of this program take in all, and compare byte by byte: with them a run takes a third longer.
 *
 * As the C standard has them; `memcpy` may overlap, too. Only what lies in the given ranges is read and written. Short ranges
 * are read whole before anything is written, from both ends, so that the two halves may overlap each other.
 */
#include <stddef.h>
#include <stdint.h>

#ifndef NAME
#define NAME(name) name
#endif

/* musl copies before there is a thread whose canary could be read. */
#ifdef __has_attribute
#if __has_attribute(no_stack_protector)
#define EARLY __attribute__((no_stack_protector))
#endif
#endif
#ifndef EARLY
#define EARLY
#endif

typedef uint16_t __attribute__((may_alias, aligned(1))) two;
typedef uint32_t __attribute__((may_alias, aligned(1))) four;
typedef uint64_t __attribute__((may_alias, aligned(1))) eight;
typedef uint64_t __attribute__((vector_size(16), may_alias, aligned(1))) sixteen;

#define AT(type, place) (*(type *)(place))
#define FROM(type, place) (*(const type *)(place))

/* Both ends, each of one value: for `n` bytes from the size of the type to twice that. */
#define ENDS(type)                                                                                                             \
  do {                                                                                                                         \
    type first = FROM(type, s), last = FROM(type, s + n - sizeof(type));                                                       \
    AT(type, d) = first;                                                                                                       \
    AT(type, d + n - sizeof(type)) = last;                                                                                     \
  } while (0)

struct part {
  sixteen a, b, c, d;
};

EARLY static inline struct part load(const unsigned char *s) {
  return (struct part){FROM(sixteen, s), FROM(sixteen, s + 16), FROM(sixteen, s + 32), FROM(sixteen, s + 48)};
}

EARLY static inline void store(unsigned char *d, struct part part) {
  AT(sixteen, d) = part.a;
  AT(sixteen, d + 16) = part.b;
  AT(sixteen, d + 32) = part.c;
  AT(sixteen, d + 48) = part.d;
}

EARLY void *NAME(memmove)(void *to, const void *from, size_t n) {
  unsigned char *d = to;
  const unsigned char *s = from;
  if (n <= 16) {
    if (n >= 8) {
      ENDS(eight);
    } else if (n >= 4) {
      ENDS(four);
    } else if (n >= 2) {
      ENDS(two);
    } else if (n) {
      *d = *s;
    }
  } else if (n <= 32) {
    ENDS(sixteen);
  } else if (n <= 64) {
    sixteen a = FROM(sixteen, s), b = FROM(sixteen, s + 16);
    sixteen y = FROM(sixteen, s + n - 32), z = FROM(sixteen, s + n - 16);
    AT(sixteen, d) = a;
    AT(sixteen, d + 16) = b;
    AT(sixteen, d + n - 32) = y;
    AT(sixteen, d + n - 16) = z;
  } else if ((uintptr_t)d - (uintptr_t)s >= n) {
    /* Nothing that is still to be read is written when one goes forward; the end is read before all else. */
    struct part last = load(s + n - 64);
    for (size_t done = 0; done < n - 64; done += 64) store(d + done, load(s + done));
    store(d + n - 64, last);
  } else {
    struct part first = load(s);
    for (size_t left = n; left > 64; left -= 64) store(d + left - 64, load(s + left - 64));
    store(d, first);
  }
  return to;
}

EARLY void *NAME(memcpy)(void *to, const void *from, size_t n) {
  return NAME(memmove)(to, from, n);
}

/* The bytes of the numbers come in the order of the memory: the first is the one that counts most. */
#define COMPARE(type, swap, at)                                                                                                \
  do {                                                                                                                         \
    type x = FROM(type, a + (at)), y = FROM(type, b + (at));                                                                   \
    if (x != y) return swap(x) < swap(y) ? -1 : 1;                                                                             \
  } while (0)

EARLY int NAME(memcmp)(const void *one, const void *other, size_t n) {
  const unsigned char *a = one, *b = other;
  if (n >= 8) {
    for (size_t done = 0; done < n - 8; done += 8) COMPARE(eight, __builtin_bswap64, done);
    COMPARE(eight, __builtin_bswap64, n - 8);
  } else if (n >= 4) {
    COMPARE(four, __builtin_bswap32, 0);
    COMPARE(four, __builtin_bswap32, n - 4);
  } else {
    for (size_t done = 0; done < n; done++) {
      if (a[done] != b[done]) return a[done] < b[done] ? -1 : 1;
    }
  }
  return 0;
}

EARLY int NAME(bcmp)(const void *one, const void *other, size_t n) {
  return NAME(memcmp)(one, other, n);
}
