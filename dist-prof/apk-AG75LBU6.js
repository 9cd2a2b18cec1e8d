import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockedApks
} from "./chunk-EKVLDQ3B.js";
import {
  alpineDistro,
  apkIndexes,
  apkInputs
} from "./chunk-FY5CRBSW.js";
import "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  mirror,
  recipePath,
  rootfsPackage,
  strictObject,
  string
} from "./chunk-U563K2LX.js";
import {
  rootfsBuilder
} from "./chunk-NMZX4AIR.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/apk/schema.ts
var branchName = string().regex(
  /^(?:[0-9]{1,4}\.[0-9]{1,4}|latest-stable)$/,
  'expected a branch, for instance "3.20" or latest-stable'
);
var apk = strictObject({
  distro: _enum(["alpine"]).default("alpine").describe("Distribution."),
  branch: branchName.describe('Branch, for instance "3.20".'),
  repositories: array(string().regex(/^[a-z][a-z0-9-]*$/, "expected a repository, for instance main")).min(1).default(["main"]).describe("Repositories of the branch."),
  packages: array(rootfsPackage).min(1).describe("Packages wanted; dependencies come along."),
  mirror: mirror.optional().describe("Mirror to take it from; --mirror and the environment come first."),
  keys: array(recipePath).default([]).describe("Files with public keys beside the recipe, believed besides Alpine's own.")
}).describe("An Alpine root filesystem made by apk out of packages.");

// src/kinds/apk/starter.ts
var starter = (_name) => ({
  description: "Alpine, made from nothing by apk out of signed packages.",
  files: {},
  recipe: `from:
  # Chosen by apk from an index that Alpine has signed, and installed in a builder without network.
  apk:
    distro: alpine
    branch: "3.20"
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
`
});

// src/kinds/apk/apk.ts
var apk2 = {
  name: "apk",
  schema: apk,
  paths: { "keys.*": "file" },
  builder: () => rootfsBuilder,
  packages: {
    join: (source, packages) => ({
      ...source,
      packages: [.../* @__PURE__ */ new Set([...source.packages, ...packages])]
    })
  },
  release: (source) => ({
    form: branchName,
    current: source.branch,
    with: (branch) => ({ ...source, branch })
  }),
  lockSchema: lockedApks,
  inputs: (locked) => apkInputs(locked, alpineDistro()),
  indexes: apkIndexes,
  date: ({ date }) => date,
  distribution: ({ distro }) => distro,
  starter,
  load: () => import("./work-77V2ANUK.js").then(({ work }) => work)
};
export {
  apk2 as apk
};
//# sourceMappingURL=apk-AG75LBU6.js.map
