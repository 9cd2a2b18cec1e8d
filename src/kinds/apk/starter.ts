import type { Starter } from '../contract.ts';

/** Returns a recipe of Alpine out of packages: only those named, and their dependencies. */
export const starter = (_name: string): Starter => ({
  description: 'Alpine, made from nothing by apk out of signed packages.',
  files: {},
  recipe: `from:
  # Chosen by apk from an index that Alpine has signed, and installed in a builder without network.
  apk:
    distro: alpine
    branch: "3.23"
    packages: [alpine-baselayout, busybox, musl]
    # repositories: [main, community]

# files:
#   - { path: /etc/app.conf, content: "answer = 42\\n", mode: "0644" }

accounts:
  users:
    - { name: app, uid: 10001, home: /home/app, shell: /bin/sh }

# Commands run inside, without network, each a list of words; a shell is asked for by name.
# run:
#   - [sh, -c, "echo built >> /etc/motd"]

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [/bin/sh]
  user: app

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - { run: [cat, /etc/os-release], stdout: Alpine }
  - { run: [id, -un], stdout: app }
`,
});
