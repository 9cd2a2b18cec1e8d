/* Files, devices and mounts of the host. */
#include "attempt.h"
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

static long write_to(const char *path, const char *text) {
  int file = open(path, O_WRONLY);
  if (file < 0) return errno == ENOENT ? ABSENT : -1;
  return write(file, text, strlen(text));
}

static long mount_memory(void) { return mount("x", "/tmp", "tmpfs", 0, NULL); }
static long remount_root(void) { return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL); }
static long detach_root(void) { return umount2("/", MNT_DETACH); }
static long new_root(void) { return syscall(SYS_pivot_root, ".", "."); }
static long open_file_system(void) { return syscall(430, "tmpfs", 0); }
static long copy_tree(void) { return syscall(428, -100, "/", 1); }
static long move_tree(void) { return syscall(429, -1, "/", -100, "/tmp", 0); }
static long change_mount(void) { return syscall(442, -100, "/", 0, "", 32); }
static long list_mounts(void) {
  uint64_t request[4] = {32, 0, 1, 0}, found[8];
  return syscall(458, request, found, 8, 0);
}

static long name_handle(void) {
  struct { unsigned size; int type; char bytes[128]; } handle = {.size = 128};
  int mount_id;
  return syscall(SYS_name_to_handle_at, -100, "/", &handle, &mount_id, 0);
}
static long open_handle(void) {
  struct { unsigned size; int type; char bytes[8]; } handle = {8, 1, {2}};
  return syscall(SYS_open_by_handle_at, open("/", O_RDONLY), &handle, O_RDONLY);
}

/* Making the node is nothing yet: a container engine lets nobody open it. */
static long read_disk(void) {
  char byte;
  if (mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)) < 0) return -1;
  int disk = open("/tmp/disk", O_RDONLY);
  int error = errno;
  unlink("/tmp/disk");
  errno = error;
  return disk < 0 ? -1 : read(disk, &byte, 1);
}
static long read_memory(void) {
  if (mknod("/tmp/memory", S_IFCHR | 0600, makedev(1, 1)) < 0) return -1;
  int memory = open("/tmp/memory", O_RDONLY);
  int error = errno;
  unlink("/tmp/memory");
  errno = error;
  return memory;
}

static long core_pattern(void) { return write_to("/proc/sys/kernel/core_pattern", "|/tmp/x"); }
static long module_helper(void) { return write_to("/proc/sys/kernel/modprobe", "/tmp/x"); }
static long interpreter(void) { return write_to("/proc/sys/fs/binfmt_misc/register", ""); }
static long magic_key(void) { return write_to("/proc/sysrq-trigger", "h"); }
static long device_helper(void) { return write_to("/sys/kernel/uevent_helper", ""); }
/* A container's first process has the container's root, where nothing of the host is. */
static long first_root(void) {
  char path[4096];
  snprintf(path, sizeof path, "/proc/1/root%s", host_path);
  int folder = open(path, O_RDONLY);
  return folder < 0 && errno == ENOENT ? ABSENT : folder;
}
static long first_memory(void) { return open("/proc/1/mem", O_RDWR); }

/* Whether a file names a word; none of a word that is not there. */
static long names(const char *path, const char *word) {
  char line[4096];
  FILE *file = fopen(path, "r");
  long found = -1;
  while (file != NULL && fgets(line, sizeof line, file) != NULL)
    if (strstr(line, word) != NULL) found = 0;
  errno = EPERM;
  return found;
}
static long cache_path(void) { return names("/proc/self/mountinfo", host_path); }
static long cache_path_of_first(void) { return names("/proc/1/mountinfo", host_path); }
static long host_key(void) { return names("/proc/keys", "mkbase-host-key"); }
static long node_name(void) {
  struct utsname found;
  uname(&found);
  errno = EPERM;
  return strcmp(found.nodename, host_name) == 0 ? 0 : -1;
}

const struct attempt files[] = {
    {"mount a file system (mount)", mount_memory},
    {"make the root writable (mount)", remount_root},
    {"take the root away (umount2)", detach_root},
    {"change the root (pivot_root)", new_root},
    {"open a file system (fsopen)", open_file_system},
    {"copy a tree of mounts (open_tree)", copy_tree},
    {"move a mount (move_mount)", move_tree},
    {"change a mount (mount_setattr)", change_mount},
    {"list mounts (listmount)", list_mounts},
    {"handle of a file (name_to_handle_at)", name_handle},
    {"open a handle (open_by_handle_at)", open_handle},
    {"read a disk (mknod)", read_disk},
    {"read the machine's memory (mknod)", read_memory},
    {"write /proc/sys/kernel/core_pattern", core_pattern},
    {"write /proc/sys/kernel/modprobe", module_helper},
    {"write /proc/sys/fs/binfmt_misc/register", interpreter},
    {"write /proc/sysrq-trigger", magic_key},
    {"write /sys/kernel/uevent_helper", device_helper},
    {"process 1's root (/proc/1/root)", first_root},
    {"process 1's memory (/proc/1/mem)", first_memory},
    {"path of the cache in /proc/self/mountinfo", cache_path},
    {"path of the cache in /proc/1/mountinfo", cache_path_of_first},
    {"key of the host in /proc/keys", host_key},
    {"name of the host (uname)", node_name},
    {NULL, NULL}};
