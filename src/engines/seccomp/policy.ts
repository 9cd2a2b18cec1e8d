import { syscallNames } from './syscalls.ts';

/**
 * The system calls that a step or an image may make. It is docker's default profile with less in
 * it: sockets of four families only, nothing typed into a terminal, no keyrings, no handles of
 * files, no io_uring, no tracing of a process that runs already, and no second table of system
 * calls (i386, x32, AArch32). Every maker of a filter reads this description.
 */
export interface Policy {
  readonly allowed: ReadonlySet<string>;
  /** Allowed when the condition holds. */
  readonly conditions: readonly Condition[];
  /** Refused with ENOSYS rather than EPERM, so that a C library takes the older call. */
  readonly absent: ReadonlySet<string>;
}

/**
 * A condition on the low 32 bits of one argument: the kernel cuts each of these arguments to an
 * int, so the high bits must not make a difference.
 */
export interface Condition {
  readonly name: string;
  readonly argument: number;
  /** `oneOf`, `noneOf`: of these numbers; `clear`: none of these bits is set; `set`: all are. */
  readonly test:
    | { readonly oneOf: readonly number[] }
    | { readonly noneOf: readonly number[] }
    | { readonly clear: number }
    | { readonly set: number };
}

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (bits/socket.h). */
const families = [1, 2, 10, 16] as const;
/** CLONE_NEW* of clone(2); CLONE_NEWTIME means something else there. */
const newNamespaces = 0x7e020000;
const newTime = 0x80;
/** TIOCSTI types into a terminal, TIOCLINUX with subcode 3 pastes into a console (ioctl_tty(2)). */
const typing = [0x5412, 0x541c] as const;
/** PER_LINUX, PER_LINUX32, both with UNAME26, and the question which one it is (personality(2)). */
const personas = [0, 8, 0x20000, 0x20008, 0xffffffff] as const;
/** PTRACE_ATTACH and PTRACE_SEIZE; a debugger traces a program that it starts. */
const attaching = [16, 0x4206] as const;

const conditions: readonly Condition[] = [
  { name: 'socket', argument: 0, test: { oneOf: families } },
  { name: 'socketpair', argument: 0, test: { oneOf: families } },
  { name: 'ioctl', argument: 1, test: { noneOf: typing } },
  { name: 'personality', argument: 0, test: { oneOf: personas } },
  { name: 'clone', argument: 0, test: { clear: newNamespaces } },
  { name: 'unshare', argument: 0, test: { clear: newNamespaces | newTime } },
  { name: 'ptrace', argument: 0, test: { noneOf: attaching } },
];

const words = (text: string): string[] => text.trim().split(/\s+/);

const files = words(`
  access cachestat chdir chmod chown chroot close close_range copy_file_range creat dup dup2 dup3
  faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown
  fchownat fcntl fdatasync fgetxattr file_getattr flistxattr flock fremovexattr fsetxattr fstat
  fstatfs fsync ftruncate futimesat getcwd getdents getdents64 getxattr getxattrat
  inotify_add_watch inotify_init inotify_init1 inotify_rm_watch lchown lgetxattr link linkat
  listxattr listxattrat llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat
  newfstatat open openat openat2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead
  readlink readlinkat readv removexattr removexattrat rename renameat renameat2 rmdir sendfile
  setxattr setxattrat splice stat statfs statx symlink symlinkat sync sync_file_range syncfs tee
  truncate umask unlink unlinkat utime utimensat utimes vmsplice write writev
`);

const waiting = words(`
  epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
  epoll_wait_old eventfd eventfd2 io_cancel io_destroy io_getevents io_pgetevents io_setup
  io_submit poll ppoll pselect6 select signalfd signalfd4 timerfd_create timerfd_gettime
  timerfd_settime
`);

const communication = words(`
  accept accept4 bind connect getpeername getsockname getsockopt listen mq_getsetattr mq_notify
  mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd pipe pipe2 recvfrom
  recvmmsg recvmsg semctl semget semop semtimedop sendmmsg sendmsg sendto setsockopt shmat shmctl
  shmdt shmget shutdown
`);

const memory = words(`
  brk get_thread_area madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock
  mlock2 mlockall mmap modify_ldt mprotect mremap mseal msync munlock munlockall munmap pkey_alloc
  pkey_free pkey_mprotect remap_file_pages set_thread_area
`);

const processes = words(`
  alarm arch_prctl execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv
  futex_wake get_robust_list getcpu getitimer getpgid getpgrp getpid getppid getpriority getrandom
  getrlimit getrusage getsid gettid ioprio_get ioprio_set kill landlock_add_rule
  landlock_create_ruleset landlock_restrict_self nanosleep pause pidfd_open pidfd_send_signal
  prctl prlimit64 process_mrelease restart_syscall rseq rt_sigaction rt_sigpending rt_sigprocmask
  rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
  sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
  sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
  sched_setscheduler sched_yield seccomp set_robust_list set_tid_address setitimer setpgid
  setpriority setrlimit setsid sigaltstack sysinfo tgkill tkill uname vfork wait4 waitid
`);

const identities = words(`
  capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid
  setgid setgroups setregid setresgid setresuid setreuid setuid
`);

const clocks = words(`
  adjtimex clock_adjtime clock_getres clock_gettime clock_nanosleep gettimeofday time timer_create
  timer_delete timer_getoverrun timer_gettime timer_settime times
`);

/** A step that has to bind-mount devices (step.ts) does it with MS_BIND, and mounts nothing new. */
const binding: Condition = { name: 'mount', argument: 3, test: { set: 0x1000 } };
/** mount(8) takes the older way where the kernel has not the newer one. */
const newMounting = words(`
  fsconfig fsmount fsopen fspick mount_setattr move_mount open_tree open_tree_attr
`);

const common = [
  ...[files, waiting, communication, memory, processes, identities, clocks].flat(),
] as const;

/** Makes the policy of a program; `mounts`: it may mount, in a user namespace of its own. */
export function policyFor({ mounts }: { readonly mounts: boolean }): Policy {
  return {
    allowed: new Set([...common, ...(mounts ? ['umount2'] : [])]),
    conditions: [...conditions, ...(mounts ? [binding] : [])],
    absent: new Set(['clone3', ...(mounts ? newMounting : [])]),
  };
}

/** Returns the system calls that a policy refuses with EPERM. */
export function refusedBy({ allowed, conditions, absent }: Policy): string[] {
  const named = new Set([...allowed, ...absent, ...conditions.map(({ name }) => name)]);
  return syscallNames.filter((name) => !named.has(name));
}
