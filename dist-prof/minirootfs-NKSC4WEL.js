import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockedApks
} from "./chunk-EKVLDQ3B.js";
import {
  alpineDistro,
  apkIndexes,
  apkInputs
} from "./chunk-FY5CRBSW.js";
import {
  detachedSignature
} from "./chunk-5LFAOEY4.js";
import "./chunk-6OPODO3C.js";
import {
  belowMirror,
  bytes,
  fileName,
  fingerprint,
  seconds,
  text,
  url
} from "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  besideOtherMistakes,
  discriminatedUnion,
  httpUrl,
  literal,
  mirror,
  sha256,
  sha512,
  signature,
  strictObject,
  string,
  union
} from "./chunk-U563K2LX.js";
import {
  rootfsBuilder
} from "./chunk-NMZX4AIR.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/minirootfs/locked-rootfs.ts
var lockedRootfs = strictObject({
  url,
  name: fileName,
  size: bytes,
  sha256,
  sha512,
  release: strictObject({
    distro: _enum(["alpine"]),
    version: text,
    arch: string().regex(/^[a-z0-9_]+$/, "expected an architecture"),
    date: seconds,
    path: belowMirror
  }).optional(),
  trust: discriminatedUnion("by", [
    strictObject({
      by: literal("signature"),
      url,
      sha256,
      signedBy: array(fingerprint)
    }),
    strictObject({ by: literal("recipe") }),
    strictObject({ by: literal("unsigned-archive") })
  ])
});
var lockedMinirootfs = strictObject({
  archive: lockedRootfs,
  apks: lockedApks.optional()
});
function archiveInput({
  name,
  url: url2,
  sha256: sha2562,
  sha512: sha5122,
  release,
  trust
}) {
  return {
    ...{ role: "rootfs", name, uri: url2, url: url2, file: name, sha256: sha2562, sha512: sha5122 },
    comparedAs: { name: "rootfs", version: name },
    trust: trust.by === "signature" ? { by: trust.by, signedBy: trust.signedBy } : trust,
    ...release && { dated: { part: "root filesystem", date: release.date } }
  };
}
var archiveSignature = ({ name, trust }) => trust.by === "signature" ? [detachedSignature(name, trust)] : [];

// src/kinds/minirootfs/schema.ts
var releaseName = string().regex(
  /^(?:[0-9]{1,4}\.[0-9]{1,4}(?:\.[0-9]{1,4}(?:_rc[0-9]{1,2})?)?|latest-stable)$/,
  'expected a release, for instance "3.20", "3.20.3" or latest-stable'
);
var publishedMinirootfs = strictObject({
  distro: _enum(["alpine"]).describe("Distribution."),
  release: releaseName.describe('Branch ("3.20"), exact release ("3.20.3") or latest-stable.'),
  mirror: mirror.optional().describe("Mirror to take it from; --mirror and the environment come first."),
  sha512: sha512.optional().describe("What the archive must hash to.")
});
var minirootfsArchive = strictObject({
  url: httpUrl.describe("Where the archive is: .tar, .tar.gz, .tar.xz or .tar.zst."),
  sha256: sha256.optional().describe("What its bytes must hash to; this or sha512."),
  sha512: sha512.optional().describe("What its bytes must hash to; this or sha256."),
  signature: signature.optional()
}).superRefine((value, context) => {
  if (value.sha256 !== void 0 || value.sha512 !== void 0) return;
  context.addIssue({ code: "custom", message: 'expected "sha256" or "sha512"' });
}, besideOtherMistakes).meta({ anyOf: [{ required: ["sha256"] }, { required: ["sha512"] }] });
var minirootfs = union([publishedMinirootfs, minirootfsArchive]).describe("A published root filesystem archive.");

// src/kinds/minirootfs/starter.ts
var starter = (_name) => ({
  description: "Alpine Linux from its published minirootfs, with an account of the image's own.",
  files: {},
  recipe: `from:
  # The archive that Alpine publishes and signs.
  minirootfs:
    distro: alpine
    # A branch, for its newest release, or an exact release like "3.20.3".
    release: "3.20"

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
  - { run: [cat, /etc/alpine-release], stdout: "3.20" }
  - { run: [id, -un], stdout: app }
`
});

// src/kinds/minirootfs/minirootfs.ts
var minirootfs2 = {
  name: "minirootfs",
  schema: minirootfs,
  paths: { "signature.key": "file" },
  builder: (_, packages) => packages.length > 0 ? rootfsBuilder : void 0,
  packages: {
    problem: (source) => "distro" in source ? void 0 : {
      message: "packages cannot be added to an archive by URL",
      hint: 'mkbase knows the package indexes of a "distro" only; name that instead of "url"'
    }
  },
  release: (source) => "url" in source ? void 0 : {
    form: releaseName,
    current: source.release,
    with: (release) => ({ ...source, release }),
    pinned: source.sha512 === void 0 ? void 0 : "sha512"
  },
  epochProblem: (source) => "url" in source ? "an archive by URL states no date" : void 0,
  lockSchema: lockedMinirootfs,
  fits: (_, { apks }, packages) => apks !== void 0 === packages.length > 0,
  inputs: ({ archive, apks }) => [
    archiveInput(archive),
    ...apks ? apkInputs(apks, alpineDistro(archive.release?.version)) : []
  ],
  indexes: ({ archive, apks }) => [...archiveSignature(archive), ...apks ? apkIndexes(apks) : []],
  date: ({ archive, apks }) => archive.release?.date ?? apks?.date,
  distribution: () => "alpine",
  starter,
  load: () => import("./work-XLPCUCIV.js").then(({ work }) => work)
};
export {
  minirootfs2 as minirootfs
};
//# sourceMappingURL=minirootfs-NKSC4WEL.js.map
