import type { Starter } from '../contract.ts';

/** Returns a recipe of Debian's smallest base with apt. */
export const starter = (_name: string): Starter => ({
  description: 'Debian as debootstrap installs it: dpkg and apt work inside.',
  files: {},
  recipe: `from:
  # Installed and configured in a builder without network, out of packages from a signed archive.
  debootstrap:
    distro: debian
    suite: trixie
    # minbase (essential packages and apt), buildd (and compilers) or standard.
    variant: minbase
    # components: [main, contrib]

# Resolved by apt in the builder, with all that they depend on; locked like everything else.
# packages: [ca-certificates, curl]

# files:
#   - { path: /etc/app.conf, content: "answer = 42\\n", mode: "0644" }

accounts:
  users:
    - { name: app, uid: 10001, home: /home/app, shell: /bin/bash }

# Commands run inside, without network, each a list of words; a shell is asked for by name.
# run:
#   - [sh, -c, "echo built >> /etc/motd"]

# What is left out again, each with the reason.
slim:
  - drop: /usr/share/doc/**
    keep: ["/usr/share/doc/*/copyright"]
    reason: an image is not read by people; licences stay
  - { drop: /usr/share/man/**, reason: an image is not read by people }

# How it runs, in the words of a Dockerfile. Commands are lists of words.
image:
  cmd: [bash]
  # user: app
  # env: { LANG: C.UTF-8 }

# Runs of the finished image. When one fails, nothing is tagged.
test:
  - { run: [cat, /etc/debian_version], stdout: "13" }
  - { run: [dpkg, --audit] }
`,
});
