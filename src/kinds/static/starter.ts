import type { Starter } from '../contract.ts';

const program = `#include <stdio.h>

int main(void) {
  puts("Hello from mkbase!");
  return 0;
}
`;

/** Returns a recipe of a program of one file. */
export const starter = (name: string): Starter => ({
  description: 'A C program, linked statically.',
  files: { 'hello.c': program },
  recipe: `from:
  # Compiled in a builder without network, and linked statically.
  static:
    # What compiles: gcc-musl for C, gcc-glibc for C and C++ (mkbase list shows all).
    toolchain: gcc-musl
    # Files beside this one; headers, and folders that hold headers, go under "include".
    sources: [hello.c]
    # include: [include]
    flags: [-Os, -Wall, -Wextra]
    # defines: { NDEBUG: true }
    # libs: [m]

# Files and accounts that the image has besides.
# files:
#   - { path: /etc/${name}.conf, content: "answer = 42\\n" }
#   - { path: /tmp, directory: true, mode: "1777" }

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [/${name}]
  # Nobody's number, so that the program has no rights of root.
  user: "65532:65532"
  # env: { LANG: C.UTF-8 }
  # expose: ["8080"]

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - run: []
    stdout: Hello from mkbase!
`,
});
