import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockedDebs
} from "./chunk-43X6JYTW.js";
import "./chunk-XTZ2QZAO.js";
import {
  array,
  boolean,
  componentName,
  imagePath,
  packageName,
  reason,
  recipePath,
  record,
  strictObject,
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

// src/kinds/debs/schema.ts
var diversion = strictObject({
  path: imagePath.describe("The file that two packages ship."),
  to: imagePath.describe("Where the other packages' file goes."),
  by: packageName.describe("The package that keeps the path.")
});
var debs = strictObject({
  suite: suiteName.default("trixie").describe("Debian suite."),
  security: boolean().default(true).describe("Also take packages from <suite>-security."),
  components: array(componentName).min(1).default(["main"]).describe("Archive components."),
  packages: array(packageName).min(1).describe("Packages wanted; dependencies come along."),
  exclude: record(packageName, reason).default({}).describe("Dependencies left out, each with the reason."),
  keyrings: array(recipePath).default([]).describe("Files with public keys beside the recipe, believed besides Debian's own."),
  diversions: array(diversion).default([]).describe("What a package would do with dpkg-divert when configured.")
}).describe("Debian packages, unpacked.");

// src/kinds/debs/starter.ts
var starter = (_name) => ({
  description: "Debian packages, unpacked: what a program needs around it, and no shell.",
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
`
});

// src/kinds/debs/debs.ts
var debs2 = {
  name: "debs",
  schema: debs,
  paths: { "keyrings.*": "file" },
  builder: () => void 0,
  makesToolchains: true,
  packages: {
    form: packageName,
    join: (source, packages) => ({
      ...source,
      packages: [.../* @__PURE__ */ new Set([...source.packages, ...packages])]
    })
  },
  release: (source) => ({
    form: suiteName,
    current: source.suite,
    with: (suite) => ({ ...source, suite })
  }),
  lockSchema: lockedDebs,
  inputs: debInputs,
  indexes: debIndexes,
  date: dateOf,
  distro: distroOfDebs,
  distribution: () => "debian",
  starter,
  load: () => import("./work-R6H5MY3T.js").then(({ work }) => work)
};
export {
  debs2 as debs
};
//# sourceMappingURL=debs-ERQ6CZI4.js.map
