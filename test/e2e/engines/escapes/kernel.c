/* The kernel's own settings. Every one asks for a right before it looks at its arguments. */
#include "attempt.h"
#include <sys/klog.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <time.h>

static long other_kernel(void) { return syscall(SYS_kexec_load, 0, 0, NULL, 0); }
static long load_module(void) { return syscall(SYS_init_module, "", 0, ""); }
static long load_module_file(void) { return syscall(SYS_finit_module, 0, "", 0); }
static long delete_module(void) { return syscall(SYS_delete_module, "escape", O_NONBLOCK); }
static long swap_on(void) { return swapon("/nonesuch", 0); }
static long swap_off(void) { return swapoff("/nonesuch"); }
static long set_time(void) {
  struct timeval now;
  gettimeofday(&now, NULL);
  return settimeofday(&now, NULL);
}
static long set_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return clock_settime(CLOCK_REALTIME, &now);
}
static long quota(void) { return syscall(SYS_quotactl, 0x80000100, "/", 0, NULL); }
static long accounting(void) { return acct("/nonesuch"); }
static long reboot_wrongly(void) { return syscall(SYS_reboot, 0, 0, 0, NULL); }
static long host_name_of_all(void) { return sethostname("escape", 6); }
static long read_log(void) {
  char text[64];
  return klogctl(3, text, sizeof text);
}
static long watch_files(void) { return syscall(SYS_fanotify_init, 0, 0); }
static long hang_up(void) { return vhangup(); }
#ifdef __x86_64__
#include <sys/io.h>
static long ports(void) { return iopl(3); }
static long some_ports(void) { return ioperm(0x80, 1, 1); }
#else
static long ports(void) { return ABSENT; }
static long some_ports(void) { return ABSENT; }
#endif

const struct attempt kernel[] = {
    {"another kernel (kexec_load)", other_kernel},
    {"load a module (init_module)", load_module},
    {"load a module (finit_module)", load_module_file},
    {"remove a module (delete_module)", delete_module},
    {"swap to a file (swapon)", swap_on},
    {"stop swapping (swapoff)", swap_off},
    {"set the time (settimeofday)", set_time},
    {"set the time (clock_settime)", set_clock},
    {"quotas (quotactl)", quota},
    {"accounting (acct)", accounting},
    {"restart (reboot)", reboot_wrongly},
    {"name the host (sethostname)", host_name_of_all},
    {"read the kernel's log (syslog)", read_log},
    {"watch a file system (fanotify_init)", watch_files},
    {"hang the terminal up (vhangup)", hang_up},
    {"all ports of the machine (iopl)", ports},
    {"a port of the machine (ioperm)", some_ports},
    {NULL, NULL}};
