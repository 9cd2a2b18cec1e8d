/* escapes HOST-PATH HOST-NAME MEBIBYTES NAME...: runs the lists of attempts, and the attempts, that are named. */
#include "attempt.h"

const char *host_path, *host_name;
size_t mebibytes;

static const struct {
  const char *name;
  const struct attempt *attempts;
} lists[] = {{"calls", calls}, {"files", files}, {"kernel", kernel}, {"processes", processes}, {"memory", memory}, {"disk", disk}};

static void run_named(const char *name) {
  for (size_t each = 0; each < sizeof lists / sizeof *lists; each++) {
    if (strcmp(name, lists[each].name) == 0) run_all(lists[each].attempts);
    for (const struct attempt *attempt = lists[each].attempts; attempt->name != NULL; attempt++)
      if (strcmp(name, attempt->name) == 0) run_all((struct attempt[]){*attempt, {NULL, NULL}});
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  host_path = argv[1];
  host_name = argv[2];
  mebibytes = strtoul(argv[3], NULL, 10);
  for (int at = 4; at < argc; at++) run_named(argv[at]);
  return 0;
}
