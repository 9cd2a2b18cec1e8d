/* System calls that nothing in a step or an image needs. */
#include "attempt.h"
#include <linux/sched.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>

static long vsock(void) { return socket(AF_VSOCK, SOCK_STREAM, 0); }
static long alg(void) { return socket(AF_ALG, SOCK_SEQPACKET, 0); }
static long packet(void) { return socket(AF_PACKET, SOCK_RAW, 0x300); }
static long raw(void) { return socket(AF_INET, SOCK_RAW, 1); }

/* The first of all other families that is not refused. */
static long other_families(void) {
  for (int family = 3; family < 64; family++) {
    if (family == AF_INET6 || family == AF_NETLINK) continue;
    long made = socket(family, SOCK_DGRAM, 0);
    if (made >= 0 || errno != EPERM) return made;
  }
  return -1;
}

static long tipc_pair(void) {
  int pair[2];
  return socketpair(AF_TIPC, SOCK_SEQPACKET, 0, pair);
}

/* Of the standard output, which is no terminal: only a filter answers EPERM. */
static long type_key(void) { return syscall(SYS_ioctl, 1, 0x5412ul, "x"); }
static long type_key_high(void) { return syscall(SYS_ioctl, 1, 0xdead00005412ul, "x"); }
static long paste(void) { return syscall(SYS_ioctl, 1, 0x541cul, "\3"); }
static long paste_high(void) { return syscall(SYS_ioctl, 1, 0x10000541cul, "\3"); }

static long session_keyring(void) { return syscall(SYS_keyctl, 0, -3, 0); }
static long join_keyring(void) { return syscall(SYS_keyctl, 1, NULL); }
static long user_keyring(void) { return syscall(SYS_keyctl, 6, -4, NULL, 0); }
static long add_key(void) { return syscall(SYS_add_key, "user", "escape", "x", 1, -3); }
static long request_key(void) { return syscall(SYS_request_key, "user", "escape", NULL, 0); }

static long io_uring(void) {
  char parameters[120] = {0};
  return syscall(SYS_io_uring_setup, 1, parameters);
}
static long fault_handler(void) { return syscall(SYS_userfaultfd, 1); }
static long bpf(void) {
  char attributes[72] = {2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1};
  return syscall(SYS_bpf, 0, attributes, sizeof attributes);
}
static long perf_events(void) {
  uint32_t attributes[16] = {1, sizeof attributes};
  return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0);
}
static long no_randomization(void) { return personality(ADDR_NO_RANDOMIZE); }
static long executable_data(void) { return personality(READ_IMPLIES_EXEC); }

static long new_user(void) { return unshare(CLONE_NEWUSER); }
static long new_mounts(void) { return unshare(CLONE_NEWNS); }
static long new_time(void) { return unshare(0x80); }
static long clone_user(void) {
  long made = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (made == 0) _exit(0);
  return made;
}
static long clone3_user(void) {
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  long made = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (made == 0) _exit(0);
  return made;
}
static long enter_namespace(void) {
  return setns(open("/proc/self/ns/uts", O_RDONLY), 0);
}

static long trace_first(void) { return ptrace(PTRACE_ATTACH, 1, 0, 0); }
static long seize_first(void) { return ptrace(PTRACE_SEIZE, 1, 0, 0); }
static long read_first(void) {
  char byte;
  struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
  return process_vm_readv(1, &here, 1, &there, 1, 0);
}
static long take_descriptor(void) {
  return syscall(438, syscall(SYS_pidfd_open, 1, 0), 0, 0);
}

#ifdef __x86_64__
static long i386_vsock(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(359), "b"(40), "c"(1), "d"(0) : "memory");
  errno = (int)-result;
  return result < 0 ? -1 : result;
}
static long i386_pid(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
  return result < 0 ? -1 : 0;
}
static long x32_pid(void) { return syscall(0x40000000 + SYS_getpid); }
static long x32_vsock(void) { return syscall(0x40000000 + SYS_socket, 40, 1, 0); }
#else
static long i386_vsock(void) { return ABSENT; }
static long i386_pid(void) { return ABSENT; }
static long x32_pid(void) { return ABSENT; }
static long x32_vsock(void) { return ABSENT; }
#endif

const struct attempt calls[] = {
    {"socket to the hypervisor (AF_VSOCK)", vsock},
    {"socket of the kernel's ciphers (AF_ALG)", alg},
    {"socket of raw frames (AF_PACKET)", packet},
    {"raw socket (SOCK_RAW)", raw},
    {"socket of any other family", other_families},
    {"pair of sockets of another family (AF_TIPC)", tipc_pair},
    {"type into the terminal (TIOCSTI)", type_key},
    {"type into the terminal, high bits set", type_key_high},
    {"paste into the console (TIOCLINUX)", paste},
    {"paste into the console, high bits set", paste_high},
    {"find the session keyring (keyctl)", session_keyring},
    {"join another session keyring", join_keyring},
    {"look into the user's keyring", user_keyring},
    {"add a key (add_key)", add_key},
    {"ask for a key (request_key)", request_key},
    {"io_uring (io_uring_setup)", io_uring},
    {"handle page faults (userfaultfd)", fault_handler},
    {"load a program into the kernel (bpf)", bpf},
    {"watch events (perf_event_open)", perf_events},
    {"switch address randomization off (personality)", no_randomization},
    {"make data executable (personality)", executable_data},
    {"new user namespace (unshare)", new_user},
    {"new mount namespace (unshare)", new_mounts},
    {"new time namespace (unshare)", new_time},
    {"new user namespace (clone)", clone_user},
    {"new user namespace (clone3)", clone3_user},
    {"enter a namespace (setns)", enter_namespace},
    {"trace process 1 (PTRACE_ATTACH)", trace_first},
    {"trace process 1 (PTRACE_SEIZE)", seize_first},
    {"read process 1's memory (process_vm_readv)", read_first},
    {"take process 1's descriptor (pidfd_getfd)", take_descriptor},
    {"i386's system calls (int 0x80)", i386_pid},
    {"i386's socket to the hypervisor", i386_vsock},
    {"x32's system calls", x32_pid},
    {"x32's socket to the hypervisor", x32_vsock},
    {NULL, NULL}};
