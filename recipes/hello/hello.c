/* The smallest greeting: two system calls, own start code, no C library. */

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
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { sys_write = 64, sys_exit = 93 };

static long system_call(long number, long a, long b, long c) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}
#else
#error "hello has start code for x86-64 and AArch64 only"
#endif

__attribute__((noreturn)) void _start(void) {
  long written = system_call(sys_write, standard_output, (long)greeting, sizeof greeting - 1);
  system_call(sys_exit, written != (long)(sizeof greeting - 1), 0, 0);
  __builtin_unreachable();
}
