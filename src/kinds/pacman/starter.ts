import type { Starter } from '../contract.ts';

/** Returns a recipe of Arch Linux: only the packages named, and their dependencies. */
export const starter = (_name: string): Starter => ({
  description: 'Arch Linux of one day, made from nothing by pacman.',
  files: {},
  recipe: `from:
  # Chosen by pacman from the archive of that day; each package is signed by its packager.
  pacman:
    snapshot: "2026-06-01"
    packages: [filesystem, bash, coreutils]
    # repositories: [core, extra]

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
  - { run: [cat, /etc/os-release], stdout: Arch }
  - { run: [id, -un], stdout: app }

platforms: [linux/amd64]
`,
});
