import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockedDebs,
  packageName
} from "./chunk-43X6JYTW.js";
import "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  boolean,
  componentName,
  mirror,
  recipePath,
  strictObject,
  string,
  suiteName
} from "./chunk-U563K2LX.js";
import {
  dateOf,
  debIndexes,
  debInputs,
  distroOfDebs
} from "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/debootstrap/locked-debootstrap.ts
var names = array(packageName);
var lockedDebootstrapRoot = strictObject({
  debs: lockedDebs,
  settings: strictObject({
    codename: string().regex(/^[a-z][a-z0-9.-]*$/, "expected a codename"),
    // Becomes a line of the image's sources.
    mirror: string().regex(/^https?:\/\/[^\s@]+$/, "expected the URL of a mirror"),
    base: names,
    required: names,
    important: names,
    wanted: names
  })
});

// src/kinds/debootstrap/schema.ts
var debootstrap = strictObject({
  distro: _enum(["debian", "ubuntu"]).default("debian").describe("Distribution: whose keys, mirrors and habits."),
  suite: suiteName.describe("Suite, for instance trixie or noble."),
  variant: _enum(["minbase", "buildd", "standard"]).default("minbase").describe("Base set: minbase (essential and apt), buildd (and build-essential), standard."),
  components: array(componentName).min(1).default(["main"]).describe("Archive components."),
  updates: boolean().default(true).describe("Also take packages from <suite>-updates."),
  security: boolean().default(true).describe("Also take packages from <suite>-security."),
  mirror: mirror.optional().describe("Mirror to take it from; --mirror and the environment come first."),
  keyrings: array(recipePath).default([]).describe(
    "Files with public keys beside the recipe, believed besides the distribution's own."
  )
}).describe("A Debian or Ubuntu root filesystem made by debootstrap.");

// src/kinds/debootstrap/starter.ts
var starter = (_name) => ({
  description: "Debian as debootstrap installs it: dpkg and apt work inside.",
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
`
});

// src/kinds/debootstrap/debootstrap.ts
var debootstrap2 = {
  name: "debootstrap",
  schema: debootstrap,
  paths: { "keyrings.*": "file" },
  builder: () => "debootstrap",
  packages: {},
  release: (source) => ({
    form: suiteName,
    current: source.suite,
    with: (suite) => ({ ...source, suite })
  }),
  lockSchema: lockedDebootstrapRoot,
  inputs: ({ debs }) => debInputs(debs),
  indexes: ({ debs }) => debIndexes(debs),
  date: ({ debs }) => dateOf(debs),
  distro: ({ debs }) => distroOfDebs(debs),
  distribution: ({ distro }) => distro,
  starter,
  load: () => import("./work-2WAK7FA4.js").then(({ work }) => work)
};
export {
  debootstrap2 as debootstrap
};
//# sourceMappingURL=debootstrap-HWI7CNF3.js.map
