/* Keeps small blocks when they are freed, so that no object ever lies where an earlier one lay. */
#include <dlfcn.h>
#include <malloc.h>
#include <stddef.h>

enum { SMALL = 1024 };

void free(void *block) {
    static void (*give_back)(void *);
    if (block == NULL || malloc_usable_size(block) < SMALL) {
        return;
    }
    if (give_back == NULL) {
        give_back = (void (*)(void *))dlsym(RTLD_NEXT, "free");
    }
    give_back(block);
}
