import type { Starter } from '../contract.ts';

/** Returns a recipe of Alpine with an account of its own. */
export const starter = (_name: string): Starter => ({
  description: "Alpine Linux from its published minirootfs, with an account of the image's own.",
  files: {},
  recipe: `from:
  # The archive that Alpine publishes and signs.
  minirootfs:
    distro: alpine
    # The newest release; a branch like "3.23" for the newest of it, or an exact release like "3.23.0".
    release: latest-stable

# Added by the root filesystem's own apk, without network; locked like everything else.
# packages: [ca-certificates]

files:
  - { path: /etc/motd, content: "Welcome.\\n" }
  # - { path: /etc/app.conf, content: "answer = 42\\n", mode: "0644" }

accounts:
  users:
    - { name: app, uid: 10001, home: /home/app, shell: /bin/sh }

# Commands run inside, without network, each a list of words; a shell is asked for by name.
# run:
#   - [rm, -rf, /media]
#   - [sh, -c, "echo built >> /etc/motd"]

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [/bin/sh]
  user: app
  env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" }
  # expose: ["8080"]

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - { run: [cat, /etc/alpine-release], stdout: "3." }
  - { run: [id, -un], stdout: app }
`,
});
