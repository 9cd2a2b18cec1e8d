/* Using the machine up. Every attempt ends by itself, and takes no more than it was told. */
#include "attempt.h"
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/statvfs.h>

enum { mebibyte = 1 << 20, most_processes = 10000 };

static long fork_bomb(void) {
  for (int count = 0; count < most_processes; count++) {
    pid_t child = fork();
    if (child < 0) return LIMITED;
    if (child == 0) {
      pause();
      _exit(0);
    }
  }
  return 0;
}

/* Writes to every page. */
static long touch(char *memory, size_t size) {
  if (memory == MAP_FAILED) return LIMITED;
  for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
  return 0;
}
static long shared_memory(void) {
  size_t size = mebibytes * mebibyte;
  return touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), size);
}
static long own_memory(void) {
  size_t size = mebibytes * mebibyte;
  return touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), size);
}
static long nameless_file(void) {
  size_t size = mebibytes * mebibyte;
  int file = syscall(SYS_memfd_create, "escape", 0);
  if (file < 0 || ftruncate(file, size) < 0) return LIMITED;
  return touch(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), size);
}
static long shared_segment(void) {
  size_t size = mebibytes * mebibyte;
  int segment = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
  if (segment < 0) return LIMITED;
  char *memory = shmat(segment, NULL, 0);
  shmctl(segment, IPC_RMID, NULL);
  return touch(memory, size);
}

/* A large file system is asked for its size, since writing it full takes a minute. */
static int is_small(const char *folder) {
  struct statvfs found;
  if (mebibytes < 512 || statvfs(folder, &found) < 0) return 0;
  return found.f_blocks * found.f_frsize < mebibytes * mebibyte;
}

static long fill(const char *folder) {
  static char block[mebibyte];
  char path[64];
  if (is_small(folder)) return LIMITED;
  signal(SIGXFSZ, SIG_IGN);
  snprintf(path, sizeof path, "%s/escape", folder);
  memset(block, 1, sizeof block);
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file < 0) return errno == ENOENT ? ABSENT : -1;
  /* It goes with the process, should the kernel end that for the memory. */
  unlink(path);
  long result = 0;
  for (size_t at = 0; at < mebibytes && result == 0; at++)
    if (write(file, block, sizeof block) != sizeof block) result = LIMITED;
  return result;
}
static long fill_temporary(void) { return fill("/tmp"); }
static long fill_shared(void) { return fill("/dev/shm"); }
static long fill_devices(void) { return fill("/dev"); }
static long fill_root(void) { return fill("/"); }

const struct attempt processes[] = {{"ten thousand processes", fork_bomb}, {NULL, NULL}};

const struct attempt memory[] = {
    {"memory of its own", own_memory},
    {"shared memory (mmap)", shared_memory},
    {"shared memory (memfd_create)", nameless_file},
    {"shared memory (shmget)", shared_segment},
    {NULL, NULL}};

const struct attempt disk[] = {
    {"fill /tmp", fill_temporary},
    {"fill /dev/shm", fill_shared},
    {"fill /dev", fill_devices},
    {"fill the root", fill_root},
    {NULL, NULL}};
