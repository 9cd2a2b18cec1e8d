import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  rootfsCapabilities
} from "./chunk-TNYKORMP.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";

// src/steps/builder.ts
function withBuilder(context) {
  const { builder } = context;
  if (builder === void 0) throw new Error("a recipe that runs steps was given no builder");
  return { ...context, builder };
}

// src/steps/shell-script.ts
function quoteWord(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
function commandLine(argv) {
  return argv.map(quoteWord).join(" ");
}

// src/steps/chroot-step.ts
import { join, posix } from "node:path";

// src/steps/clamp-times.ts
var clockFile = ".mkbase-clock";
var day = 24 * 60 * 60;
var within = (time, { from, to }) => time >= from && time <= to;
async function spanOf(tree) {
  const entry = tree.find(({ path }) => path === clockFile);
  if (entry?.type !== "file") throw new Error("the step left no clock");
  const [from = "", to = ""] = (await readContent(entry.content)).toString("latin1").split("\n");
  return { from: Number(from) - 1, to: Number(to) + 1 };
}
async function clampedShadow(entry, span, epoch) {
  if (entry.type !== "file" || entry.path !== "etc/shadow") return entry;
  const days = { from: Math.floor(span.from / day), to: Math.floor(span.to / day) };
  const lines = (await readContent(entry.content)).toString("latin1").split("\n");
  const clamped = lines.map((line) => {
    const fields = line.split(":");
    if (fields.length < 3 || fields[2] === "" || !within(Number(fields[2]), days)) return line;
    return [...fields.slice(0, 2), Math.floor(epoch / day), ...fields.slice(3)].join(":");
  });
  const bytes = Buffer.from(clamped.join("\n"), "latin1");
  return { ...entry, size: bytes.length, content: { bytes } };
}
async function clampTimes(tree, { before, traces, epoch }) {
  const span = await spanOf(tree);
  const old = new Set(before.map(({ path }) => path));
  const isTrace = (path) => path === clockFile || Object.hasOwn(traces, path);
  const kept = tree.filter(({ path }) => old.has(path) || !isTrace(path));
  return Promise.all(
    kept.map(async (entry) => {
      const clamped = await clampedShadow(entry, span, epoch);
      return within(entry.mtime, span) ? { ...clamped, mtime: epoch } : clamped;
    })
  );
}

// src/steps/devices.ts
var devices = [
  "full 1 7",
  "null 1 3",
  "random 1 8",
  "tty 5 0",
  "urandom 1 9",
  "zero 1 5"
];
var links = { fd: "", stdin: "/0", stdout: "/1", stderr: "/2" };
var makeEach = devices.map((device) => `make_device "$1" ${device}`).join("\n  ");
var linkEach = Object.entries(links).map(([name, end]) => `ln -s /proc/self/fd${end} "$1/dev/${name}"`).join("\n  ");
var unmountEach = devices.map((device) => device.slice(0, device.indexOf(" "))).join(" ");
var chrootDevices = `
make_device() {
  if mknod -m 666 "$1/dev/$2" c "$3" "$4" 2>/dev/null; then return 0; fi
  true >"$1/dev/$2"
  mount -o bind "/dev/$2" "$1/dev/$2"
}
make_devices() {
  if [ -e "$1/dev" ] || [ -L "$1/dev" ]; then mv "$1/dev" "$1.dev"; fi
  mkdir -m 755 "$1/dev" "$1/dev/pts"
  mkdir -m 1777 "$1/dev/shm"
  ${makeEach}
  ${linkEach}
}
remove_devices() {
  for device in ${unmountEach}; do
    umount -l "$1/dev/$device" 2>/dev/null || true
  done
  rm -r "$1/dev"
  if [ -e "$1.dev" ] || [ -L "$1.dev" ]; then mv "$1.dev" "$1/dev"; else mkdir -m 755 "$1/dev"; fi
}
`;

// src/steps/chroot-step.ts
var buildLimits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 2048,
  seconds: 60 * 60,
  outputBytes: 2 * 1024 ** 3
};
var attributes = ["--xattrs --xattrs-include='security.capability' --xattrs-include='user.*'"];
var unpack = ["tar -xpf - --same-owner --numeric-owner", ...attributes].join(" ");
var pack = ["tar -cf - --sort=name --numeric-owner", ...attributes, "."].join(" ");
var treePath = "/build/rootfs";
var driver = [
  "umask 022",
  "cd /build",
  unpack,
  "sh ./step.sh </dev/null >&2",
  `cd ${treePath}`,
  `exec ${pack}`
].join(" && ");
var assignments = (env) => Object.entries(env).map(([name, value]) => quoteWord(`${name}=${value}`)).join(" ");
var chrootEnvironment = (epoch) => ({
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  TMPDIR: "/tmp",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  SOURCE_DATE_EPOCH: String(epoch)
});
var scriptOf = ({ script, env }) => `set -eu
${chrootDevices}
in_rootfs() {
  printf '+ %s
' "$*"
  env -i ${assignments(env)} chroot ${treePath} "$@"
}
mkdir -p ${treePath}
make_devices ${treePath}
date +%s >clock
${script}
date +%s >>clock
mv clock ${treePath}/${clockFile}
remove_devices ${treePath}
`;
var plainFile = (path, text) => {
  const bytes = Buffer.from(text);
  return {
    type: "file",
    path: toByteString(path),
    mode: 420,
    uid: 0,
    gid: 0,
    mtime: 0,
    xattrs: [],
    size: bytes.length,
    content: { bytes }
  };
};
function below(folder, entries) {
  const moved = (path) => toByteString(`${folder}/`).concat(path);
  return entries.map((entry) => ({
    ...entry,
    path: moved(entry.path),
    ...entry.type === "hardlink" && { target: moved(entry.target) }
  }));
}
async function chrootStep(work, { engine, builder, folder }, io) {
  const input = [
    plainFile("step.sh", scriptOf(work)),
    ...below(posix.basename(treePath), work.rootfs),
    ...work.beside ?? []
  ];
  const step = {
    toolchain: builder.reference,
    argv: ["/bin/sh", "-euc", driver],
    env: {},
    limits: buildLimits,
    capabilities: rootfsCapabilities,
    ids: "range",
    input: writeTar(input, { reuseMemory: true })
  };
  const file = join(folder, `rootfs-${work.name}.tar`);
  const source = `what came out of ${work.name} in the builder`;
  const tree = await engine.runStep(step, (stdout) => spoolTar(stdout, file, { source }), io);
  const { rootfs: before, traces = {}, epoch } = work;
  return clampTimes(tree, { before, traces, epoch });
}

export {
  withBuilder,
  chrootDevices,
  quoteWord,
  commandLine,
  buildLimits,
  chrootEnvironment,
  below,
  chrootStep
};
//# sourceMappingURL=chunk-JO2JWHDB.js.map
