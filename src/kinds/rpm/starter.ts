import type { Starter } from '../contract.ts';

/** Returns a recipe of CentOS Stream out of packages: only those named, and their dependencies. */
export const starter = (_name: string): Starter => ({
  description: 'CentOS Stream, made from nothing by dnf and rpm out of signed packages.',
  files: {},
  recipe: `from:
  # Chosen by dnf from lists that the distribution has signed, and installed in a builder without network.
  rpm:
    distro: centos # or rocky, alma, fedora
    release: "10"
    packages: [centos-stream-release, bash, coreutils-single]
    docs: false
    languages: [en]

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
  cmd: [/bin/bash]
  user: app

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - { run: [cat, /etc/os-release], stdout: CentOS }
  - { run: [id, -un], stdout: app }
`,
});
