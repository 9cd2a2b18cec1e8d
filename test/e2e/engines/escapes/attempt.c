#include "attempt.h"
#include <sys/wait.h>

enum { limited_code = 251, absent_code = 252 };

static int try_it(const struct attempt *attempt) {
  setpgid(0, 0);
  alarm(60);
  errno = 0;
  long result = attempt->run();
  if (result == LIMITED) return limited_code;
  if (result == ABSENT) return absent_code;
  return result < 0 ? errno : 0;
}

/* Only these say that somebody stood in the way; after any other error the kernel was at work. */
static int is_refusal(int error) {
  return error == EPERM || error == EACCES || error == ENOSYS || error == EROFS;
}

static void tell(const char *name, int status) {
  int code = WEXITSTATUS(status);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) printf("%s: refused SIGSYS\n", name);
  else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV) printf("%s: absent\n", name);
  else if (WIFSIGNALED(status)) printf("%s: limited\n", name);
  else if (code == absent_code) printf("%s: absent\n", name);
  else if (code == limited_code) printf("%s: limited\n", name);
  else if (code == 0) printf("%s: allowed\n", name);
  else if (is_refusal(code)) printf("%s: refused %s\n", name, strerrorname_np(code));
  else printf("%s: allowed %s\n", name, strerrorname_np(code));
}

void run_all(const struct attempt *list) {
  for (; list->name != NULL; list++) {
    fflush(stdout);
    pid_t child;
    /* The processes of the last attempt may not have gone yet. */
    for (int tries = 0; (child = fork()) < 0 && tries < 1000; tries++) usleep(10000);
    if (child == 0) _exit(try_it(list));
    if (child < 0) exit(3);
    int status = 0;
    waitpid(child, &status, 0);
    kill(-child, SIGKILL);
    tell(list->name, status);
  }
}
