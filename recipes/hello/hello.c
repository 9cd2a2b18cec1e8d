/* The smallest greeting, for every platform: two system calls, own start code, no C library. */

static const char greeting[] =
    "Hello from mkbase!\n"
    "\n"
    "This image was made from nothing: one static program, linked by a compiler\n"
    "that grew from signed packages. No image was pulled to make it.\n";
enum { standard_output = 1 };
#if defined(__x86_64__)
enum { sys_write = 1, sys_exit = 60 };
static long system_call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__i386__)
enum { sys_write = 4, sys_exit = 1 };
static long system_call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
  return result;
}
#elif defined(__aarch64__) || defined(__arm__)
#ifdef __arm__
enum { sys_write = 4, sys_exit = 1 };
#define NR "r7"
#define R(n) "r" #n
#else
enum { sys_write = 64, sys_exit = 93 };
#define NR "x8"
#define R(n) "x" #n
#endif
static long system_call(long number, long a, long b, long c) {
  register long nr __asm__(NR) = number;
  register long r0 __asm__(R(0)) = a;
  register long r1 __asm__(R(1)) = b;
  register long r2 __asm__(R(2)) = c;
  __asm__ volatile("svc 0" : "+r"(r0) : "r"(nr), "r"(r1), "r"(r2) : "memory");
  return r0;
}
#elif defined(__riscv)
enum { sys_write = 64, sys_exit = 93 };
static long system_call(long number, long a, long b, long c) {
  register long a7 __asm__("a7") = number;
  register long a0 __asm__("a0") = a;
  register long a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
  return a0;
}
#elif defined(__loongarch__)
enum { sys_write = 64, sys_exit = 93 };
static long system_call(long number, long a, long b, long c) {
  register long a7 __asm__("$a7") = number;
  register long a0 __asm__("$a0") = a;
  register long a1 __asm__("$a1") = b;
  register long a2 __asm__("$a2") = c;
  __asm__ volatile("syscall 0" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2)
                   : "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8", "memory");
  return a0;
}
#elif defined(__s390x__)
enum { sys_write = 4, sys_exit = 1 };
static long system_call(long number, long a, long b, long c) {
  register long r1 __asm__("1") = number;
  register long r2 __asm__("2") = a;
  register long r3 __asm__("3") = b;
  register long r4 __asm__("4") = c;
  __asm__ volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4) : "memory");
  return r2;
}
#elif defined(__powerpc64__)
enum { sys_write = 4, sys_exit = 1 };
static long system_call(long number, long a, long b, long c) {
  register long r0 __asm__("0") = number;
  register long r3 __asm__("3") = a;
  register long r4 __asm__("4") = b;
  register long r5 __asm__("5") = c;
  /* Where cr0.SO tells of a failure, r3 is its errno, which is no length of ours. */
  __asm__ volatile("sc" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5) : : "memory", "cr0", "ctr", "6", "7", "8", "9", "10", "11", "12");
  return r3;
}
#elif defined(__mips64)
enum { sys_write = 5001, sys_exit = 5058 };
static long system_call(long number, long a, long b, long c) {
  register long v0 __asm__("$2") = number;
  register long a0 __asm__("$4") = a;
  register long a1 __asm__("$5") = b;
  register long a2 __asm__("$6") = c;
  register long a3 __asm__("$7");
  __asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : "r"(a0), "r"(a1), "r"(a2)
                   : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory");
  return v0;
}
#else
#error "hello has no start code for this architecture"
#endif
__attribute__((noreturn)) void _start(void) {
  long written = system_call(sys_write, standard_output, (long)greeting, sizeof greeting - 1);
  system_call(sys_exit, written != (long)(sizeof greeting - 1), 0, 0);
  __builtin_unreachable();
}
