/*
 * The way Docker's documentation shows a base image: no start files, but the C library's
 * functions. Without start files the library is not initialised, so only its plain system call
 * wrappers may be used.
 */
#include <sys/syscall.h>
#include <unistd.h>

static const char greeting[] = "Hello from mkbase!\n";

void _start(void) {
  syscall(SYS_write, STDOUT_FILENO, greeting, sizeof greeting - 1);
  _exit(0);
}
