/* One way out of a sandbox. */
#ifndef ATTEMPT_H
#define ATTEMPT_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Returned by an attempt that got somewhere, but not as far as it wanted; and by one that this
   machine has not. Otherwise negative with errno, or not. */
enum { LIMITED = 1000000, ABSENT };

struct attempt {
  const char *name;
  long (*run)(void);
};

/* Ends with a row without a name. */
extern const struct attempt calls[], files[], kernel[], processes[], memory[], disk[];

/* From the command line: a path and a name of the host, and mebibytes to use up. */
extern const char *host_path, *host_name;
extern size_t mebibytes;

/* Runs the attempts of a list, each in a process of its own, and prints one line for each. */
void run_all(const struct attempt *list);
#endif
