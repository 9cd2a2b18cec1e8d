import type { Starter } from '../contract.ts';

/** Returns a recipe of a few packages without a package manager. */
export const starter = (_name: string): Starter => ({
  description: 'Debian packages, unpacked: what a program needs around it, and no shell.',
  files: {},
  recipe: `from:
  # Packages and all that they depend on, from Debian's signed index. They are unpacked and never
  # configured; no script of a package is run.
  debs:
    suite: trixie
    packages: [base-files, libc6, coreutils, tzdata]
    # Dependencies that are left out, each with the reason.
    exclude:
      awk: only base-files' configuration calls it
      debconf: only configuration asks questions

# What configuration would have made, and what is your own.
files:
  - { path: /tmp, directory: true, mode: "1777" }
  # - { path: /etc/app.conf, content: "answer = 42\\n", mode: "0644" }

accounts:
  users:
    - { name: root, uid: 0, home: /root }
    - { name: app, uid: 10001 }

# What is left out again, each with the reason.
slim:
  - drop: /usr/share/doc/**
    keep: ["/usr/share/doc/*/copyright"]
    reason: an image is not read by people; licences stay
  - { drop: /usr/share/man/**, reason: an image is not read by people }

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [cat, /etc/os-release]
  user: app
  # env: { LANG: C.UTF-8 }
  # workdir: /tmp

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - run: []
    stdout: Debian
  - { run: [id, -un], stdout: app }
`,
});
