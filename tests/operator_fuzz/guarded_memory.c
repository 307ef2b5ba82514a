/* While armed, gives every block pages of its own that end where the block ends, and never gives them again.

What reads or writes beyond a block, or in one that was freed, dies of SIGSEGV at that access. What is between
the block and its alignment is looked at when it is freed; SIGABRT says that somebody wrote there. */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, ALIGNMENT = 16, UNWRITTEN = 0xCB, BORDER = 0xAB };
static const size_t ARENA = (size_t)1 << 38, LARGEST = (size_t)1 << 28;

/* Stands in the page before a block. */
struct block {
    size_t pages, size;
    char *start;
};

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static char *arena, *next;
static int armed;

/* Called from Python, around the call that is watched. */
void guard(int on) {
    if (arena == NULL) {
        arena = mmap(NULL, ARENA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (arena == MAP_FAILED) {
            abort();
        }
        next = arena;
    }
    armed = on;
}

static int is_guarded(const void *at) {
    return arena != NULL && (const char *)at >= arena && (const char *)at < arena + ARENA;
}

static struct block *header(const void *at) {
    /* A block starts in the page after its header. */
    return (struct block *)(((uintptr_t)at & ~(uintptr_t)(PAGE - 1)) - PAGE);
}

static void *take(size_t size) {
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    size_t pages = 1 + (rounded + PAGE - 1) / PAGE;
    if (pages == 1) {
        pages = 2;
    }
    if (size > LARGEST || next + (pages + 1) * PAGE > arena + ARENA) {
        errno = ENOMEM;
        return NULL;
    }
    if (mprotect(next, pages * PAGE, PROT_READ | PROT_WRITE) != 0) {
        errno = ENOMEM;
        return NULL;
    }
    struct block *block = (struct block *)next;
    char *end = next + pages * PAGE;
    block->pages = pages;
    block->size = size;
    block->start = size ? end - rounded : end - ALIGNMENT;
    memset(block->start, UNWRITTEN, size);
    memset(block->start + size, BORDER, (size_t)(end - block->start) - size);
    next = end + PAGE;
    return block->start;
}

void *malloc(size_t size) { return armed ? take(size) : __libc_malloc(size); }

void *calloc(size_t count, size_t size) {
    size_t total;
    if (!armed) {
        return __libc_calloc(count, size);
    }
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = take(total);
    return block == NULL ? NULL : memset(block, 0, total);
}

void free(void *at) {
    if (!is_guarded(at)) {
        __libc_free(at);
        return;
    }
    struct block *block = header(at);
    char *end = (char *)block + block->pages * PAGE;
    for (char *border = block->start + block->size; border < end; border++) {
        if ((unsigned char)*border != BORDER) {
            abort();
        }
    }
    size_t bytes = block->pages * PAGE;
    madvise(block, bytes, MADV_DONTNEED);
    mprotect(block, bytes, PROT_NONE);
}

void *realloc(void *at, size_t size) {
    if (!is_guarded(at)) {
        return __libc_realloc(at, size);
    }
    void *moved = armed ? take(size) : __libc_malloc(size);
    if (moved != NULL) {
        size_t old = header(at)->size;
        memcpy(moved, at, old < size ? old : size);
        free(at);
    }
    return moved;
}

/* Torch asks for 64 bytes, which nothing of it needs; larger alignments are left alone. */
static void *take_aligned(size_t alignment, size_t size) {
    return armed && alignment <= 64 ? take(size) : __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    void *block = take_aligned(alignment, size);
    if (block == NULL) {
        return ENOMEM;
    }
    *result = block;
    return 0;
}

void *memalign(size_t alignment, size_t size) { return take_aligned(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return take_aligned(alignment, size); }

size_t malloc_usable_size(void *at) {
    /* What glibc keeps before a block of its own: its size with three bits of flags. */
    if (at == NULL) {
        return 0;
    }
    return is_guarded(at) ? header(at)->size : (((size_t *)at)[-1] & ~(size_t)7) - sizeof(size_t);
}
