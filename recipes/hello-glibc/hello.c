#include <stdio.h>

int main(void) {
  puts("Hello from mkbase!");
  return 0;
}
