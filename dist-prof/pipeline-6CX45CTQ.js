import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  atItsLine,
  currentLock,
  fetchInputs,
  keepLock,
  lockCopyOf,
  openBuild
} from "./chunk-W5A4SKVY.js";
import {
  cyclonedxDocument,
  spdxDocument,
  takeInventory
} from "./chunk-FAZDBQGP.js";
import "./chunk-5THGRWDT.js";
import {
  indexAge
} from "./chunk-NWOEMZRS.js";
import {
  assembleRootfs,
  builderFor,
  inStage,
  localFiles,
  makeBuilder,
  overlaidEntries,
  stageClock,
  stageName
} from "./chunk-ABPX4GXP.js";
import {
  rememberBuild
} from "./chunk-B44ZKUT4.js";
import {
  plural
} from "./chunk-Z5B43JE3.js";
import {
  defaultOutput,
  outputOf
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import {
  glob,
  wantedOf
} from "./chunk-E4W5ZIBO.js";
import "./chunk-6WVFUWIS.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-KMI6PUJK.js";
import "./chunk-EGW7ROHF.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-I6MMUKOT.js";
import {
  takeBundle
} from "./chunk-RWAYPATF.js";
import "./chunk-PDDVQBQY.js";
import {
  lockText
} from "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  provenanceStatement,
  readPaths,
  requirePassed,
  smokeTest,
  trustChain,
  trustFiles
} from "./chunk-Z2YPWQK2.js";
import {
  mtreeOf
} from "./chunk-NWJBTXTJ.js";
import {
  inputsDigest
} from "./chunk-EF5IBACH.js";
import {
  check,
  kindOf,
  readSource,
  sourceOf
} from "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import {
  sumsText
} from "./chunk-PHQGYXSX.js";
import {
  evidenceNames
} from "./chunk-LS5RIWVO.js";
import {
  abi,
  dynamicStrings,
  dynamicTags,
  segmentsOf
} from "./chunk-OLVKH22C.js";
import "./chunk-KWWEL2PY.js";
import {
  parseYaml,
  recipeError
} from "./chunk-PSUK6IL3.js";
import "./chunk-FY5CRBSW.js";
import "./chunk-6OPODO3C.js";
import {
  chrootEnvironment,
  chrootStep,
  commandLine,
  withBuilder
} from "./chunk-JO2JWHDB.js";
import "./chunk-TNYKORMP.js";
import "./chunk-XTZ2QZAO.js";
import {
  _enum,
  array,
  boolean,
  imagePath,
  literal,
  reason,
  recipeName,
  record,
  strictObject,
  string,
  text,
  union
} from "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-IQCQLPDV.js";
import "./chunk-WSLDK5XW.js";
import "./chunk-VOFVSU25.js";
import "./chunk-WOT4JK3B.js";
import "./chunk-CGY25BUW.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-FYFTS2JL.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import {
  quoted
} from "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import {
  visitStore
} from "./chunk-AMKGUIUY.js";
import "./chunk-GAY42F37.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import {
  composeImage
} from "./chunk-WR7GHE6V.js";
import "./chunk-IHKPDGEV.js";
import {
  packageRoot,
  packageVersion
} from "./chunk-IQA7OYSC.js";
import {
  parseReference
} from "./chunk-HHDGQMDT.js";
import "./chunk-GEL24WUJ.js";
import {
  canonicalJson
} from "./chunk-FGYWVWTF.js";
import "./chunk-JBYZ7QPS.js";
import "./chunk-6O7GCZRG.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  readTar
} from "./chunk-C36BAQN3.js";
import {
  fromByteString,
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  contentReader
} from "./chunk-4IXO52BR.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  writeNewFile,
  writeWholeFile
} from "./chunk-VP6DARGB.js";
import {
  stage
} from "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/pipeline/pipeline.ts
import { join as join4 } from "node:path";

// src/base/give-back-memory.ts
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
function giveBackMemory() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("globalThis.gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect();
}

// src/evidence/gather-evidence.ts
import { createReadStream } from "node:fs";
function subjectOf({ image, recipe }) {
  return {
    name: recipe.name,
    platform: image.platform,
    manifest: image.manifest.digest,
    diffId: image.rootfs.diffId,
    created: image.created,
    generator: packageVersion
  };
}
async function entriesIn(tar) {
  const entries = [];
  const stream = createReadStream(tar, { highWaterMark: 256 * 1024 });
  for await (const { entry, contentOffset: offset } of readTar(stream, { source: tar })) {
    const { type } = entry;
    if (type !== "file") entries.push(entry);
    else entries.push({ ...entry, content: { file: tar, offset, size: entry.size } });
  }
  return entries;
}
async function gatherEvidence(input, io) {
  const { image, lock } = input;
  const { tar } = image.rootfs;
  const entries = await entriesIn(tar);
  const inventory = await takeInventory({ ...input, entries }, io);
  const paths = await readPaths(createReadStream(tar, { highWaterMark: 256 * 1024 }), tar);
  const subject = subjectOf(input);
  const files = /* @__PURE__ */ new Map([
    [evidenceNames.lock, lockText(lock)],
    [evidenceNames.mtree, [...mtreeOf(paths)].join("")],
    [evidenceNames.spdx, spdxDocument(inventory, subject)],
    [evidenceNames.cyclonedx, cyclonedxDocument(inventory, subject)]
  ]);
  return { inventory, entries, files };
}

// src/outputs/place.ts
var isStored = ({ imageId }) => imageId !== void 0;
async function tryOut(image, imageId, store, use, io) {
  const { platform, rootfs, settings: config } = image;
  const stored = (id) => use({ kind: "stored", id, platform });
  if (imageId !== null) return stored(imageId);
  if (store !== void 0) return visitStore(image, store, stored, io);
  return use({ kind: "tar", tar: rootfs.tar, config, platform });
}
function placedImage(image, staged, store, io) {
  const waiting = [...staged].sort((a, b) => Number(isStored(a)) - Number(isStored(b)));
  const imageId = staged.findLast(isStored)?.imageId ?? null;
  return {
    outputs: staged.map(({ output }) => output),
    imageId,
    tryOut: (use) => tryOut(image, imageId, store, use, io),
    commit: async () => {
      for (const output of [...waiting]) {
        await output.commit();
        waiting.shift();
      }
    },
    discard: async () => {
      for (const output of waiting.splice(0)) await output.discard();
    }
  };
}
async function placeImage(image, requests, { outDir, tags, store }, io) {
  const target = { outDir, store, references: tags.map(parseReference) };
  const staged = [];
  try {
    for (const request of requests) {
      staged.push(await outputOf(request).stage(image, request, target, io));
    }
  } catch (error) {
    for (const output of staged) await output.discard();
    throw error;
  }
  return placedImage(image, staged, store, io);
}

// src/pipeline/enforce-policy.ts
import { relative } from "node:path";

// src/elf/stack-canary.ts
var failure = Buffer.from("\0__stack_chk_fail");
var canaryAddress = Buffer.from([37, 40, 0, 0, 0]);
var fsPrefix = 100;
function loadsCanary(bytes) {
  let at = bytes.indexOf(canaryAddress);
  for (; at >= 0; at = bytes.indexOf(canaryAddress, at + 1)) {
    const modrm = bytes[at - 1] ?? 0;
    const rex = bytes[at - 3] ?? 0;
    if (bytes[at - 4] === fsPrefix && (rex & 248) === 72 && (modrm & 199) === 4) return true;
  }
  return false;
}
async function inCode(readAt, segments) {
  for (const segment of segments) {
    if (segment.type !== abi.ptLoad || (segment.flags & abi.pfExecutable) === 0) continue;
    if (await scan(readAt, segment, 16, loadsCanary)) return true;
  }
  return false;
}
var names = (bytes) => bytes.includes(failure);
var chunk = 64 * 1024;
async function scan(readAt, range, overlap, isThere) {
  const end = range.offset + range.size;
  for (let at = range.offset; at < end; at += chunk) {
    const bytes = await readAt(at, Math.min(chunk + overlap, end - at));
    if (bytes.length === 0) return false;
    if (isThere(bytes)) return true;
  }
  return false;
}
var mostSectionBytes = 1024 * 1024;
async function symbolNames(readAt, header) {
  const size2 = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  const offset = Number(header.readBigUInt64LE(40));
  if (offset === 0 || size2 < 64 || size2 * count > mostSectionBytes) return void 0;
  const table = await readAt(offset, size2 * count);
  const sections = Array.from({ length: Math.floor(table.length / size2) }, (_, at) => ({
    type: table.readUInt32LE(at * size2 + 4),
    offset: Number(table.readBigUInt64LE(at * size2 + 24)),
    size: Number(table.readBigUInt64LE(at * size2 + 32)),
    link: table.readUInt32LE(at * size2 + 40)
  }));
  const symbols = sections.find(({ type }) => type === abi.shtSymtab);
  return symbols && sections[symbols.link];
}
async function hasStackCanary(readAt, { header, segments, tags }) {
  const dynamic = tags.length > 0 ? dynamicStrings(segments, tags) : void 0;
  const full = await symbolNames(readAt, header);
  for (const table of [dynamic, full]) {
    if (table !== void 0 && await scan(readAt, table, failure.length, names)) return true;
  }
  const dynamicallyLinked = dynamic !== void 0 && dynamic.size > 1;
  if (full !== void 0 || dynamicallyLinked) return false;
  return header.readUInt16LE(18) === abi.amd64 ? inCode(readAt, segments) : void 0;
}

// src/elf/hardening.ts
var bindsNow = (tags) => tags.length === 0 || tags.some(
  ([tag, value]) => tag === abi.dtBindNow || tag === abi.dtFlags && (value & abi.dfBindNow) !== 0 || tag === abi.dtFlags1 && value % 2 === abi.df1Now
);
var isReadOnlyAfterwards = (segments) => segments.some(({ type }) => type === abi.ptGnuRelro) || !segments.some(({ type, flags }) => type === abi.ptLoad && (flags & abi.pfWritable) !== 0);
var hasPlainStack = (segments) => segments.some(({ type, flags }) => type === abi.ptGnuStack && (flags & abi.pfExecutable) === 0);
async function readHardening(readAt) {
  const header = await readAt(0, 64);
  if (header.length < 64 || !header.subarray(0, 4).equals(abi.magic)) return void 0;
  if (header[4] !== 2 || header[5] !== 1) return void 0;
  const type = header.readUInt16LE(16);
  if (type !== abi.etExec && type !== abi.etDyn) return void 0;
  const segments = await segmentsOf(readAt, header);
  const tags = await dynamicTags(readAt, segments);
  return {
    pie: type === abi.etDyn,
    relro: isReadOnlyAfterwards(segments),
    bindNow: bindsNow(tags),
    nx: hasPlainStack(segments),
    stackCanary: await hasStackCanary(readAt, { header, segments, tags })
  };
}

// src/policy/elf-files.ts
var elfProblem = (path, problem) => ({
  kind: "path",
  subject: path,
  message: `${path} cannot be looked at: ${problem}`,
  remedy: 'Leave it out with "slim", or name it under "allow" with the reason.'
});
async function elfFiles(entries) {
  const reader = contentReader();
  const found = [];
  try {
    for (const entry of entries) {
      if (entry.type !== "file" || entry.size < 64) continue;
      const { path, content, size: size2 } = entry;
      const readAt = async (offset, length) => {
        const bytes = Buffer.alloc(Math.max(0, Math.min(length, size2 - offset)));
        await reader.fill(content, offset, bytes);
        return bytes;
      };
      const hardening2 = await readHardening(readAt).catch((error) => {
        if (error instanceof MkbaseError && error.code === "BUILD_OUTPUT") return error.message;
        throw error;
      });
      if (typeof hardening2 === "string") found.push({ path, problem: hardening2 });
      else if (hardening2 !== void 0) found.push({ path, hardening: hardening2 });
    }
  } finally {
    reader.close();
  }
  return found;
}

// src/policy/allowed-paths.ts
function allowedPaths(allow) {
  const patterns = Object.keys(allow ?? {}).map((path) => glob(toByteString(path.slice(1))));
  return (path) => patterns.some((matches) => matches(path));
}
var absolute = (path) => `/${fromByteString(path)}`;

// src/policy/rules/capabilities.ts
var attribute = "security.capability";
var known = "chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore".split(
  " "
);
var nameOf = (number) => `cap_${known[number] ?? number}`;
function capabilityNames(value) {
  const bytes = Buffer.from(value, "latin1");
  if (bytes.length < 20) return [`capabilities that cannot be read (${bytes.toString("hex")})`];
  const low = bytes.readUInt32LE(4) | bytes.readUInt32LE(8);
  const high = bytes.readUInt32LE(12) | bytes.readUInt32LE(16);
  const bits = [low, high].flatMap(
    (word, half) => Array.from({ length: 32 }, (_, bit) => word >>> bit & 1 ? [half * 32 + bit] : []).flat()
  );
  return bits.length === 0 ? ["no capability"] : bits.map(nameOf);
}
function capabilities({ allow }, { entries }) {
  const isAllowed = allowedPaths(allow);
  return entries.flatMap(({ path, xattrs }) => {
    const value = xattrs.find(([name]) => name === attribute)?.[1];
    if (value === void 0 || isAllowed(path)) return [];
    return [
      {
        kind: "path",
        subject: absolute(path),
        message: `${absolute(path)} gives whoever runs it ${capabilityNames(value).join(", ")}.`,
        remedy: 'Leave the file out with "slim", or name it under "allow" with the reason.'
      }
    ];
  });
}

// src/policy/rules/hardening.ts
var missing = {
  pie: [
    "is loaded at a fixed address (no PIE)",
    'compile with -fPIE and link with -pie, a static program with -static-pie ("flags" and "linkFlags")'
  ],
  relro: ["leaves its relocations writable (no RELRO)", "link with -Wl,-z,relro"],
  bindNow: ["binds symbols lazily (no BIND_NOW)", "link with -Wl,-z,now"],
  nx: ["has an executable stack (no NX)", "link with -Wl,-z,noexecstack"]
};
var properties = ["pie", "relro", "nx"];
function violationOf(path, lacking) {
  return {
    kind: "path",
    subject: path,
    message: `${path} ${lacking.map((property) => missing[property][0]).join(" and ")}.`,
    remedy: `Build it anew: ${lacking.map((property) => missing[property][1]).join("; ")}. Or name it under "allow" with the reason.`
  };
}
var lacks = (hardening2, asked) => asked.filter((property) => !hardening2[property]);
function hardening({ require: require2 = [...properties], allow }, files) {
  const isAllowed = allowedPaths(allow);
  return files.flatMap((file) => {
    if (isAllowed(file.path)) return [];
    const path = absolute(file.path);
    if ("problem" in file) return [elfProblem(path, file.problem)];
    const lacking = lacks(file.hardening, require2);
    return lacking.length === 0 ? [] : [violationOf(path, lacking)];
  });
}

// src/policy/rules/keys.ts
function keys({ allow = {} }, { lock }) {
  return trustChain(lock).links.filter(({ signedBy }) => !signedBy.some((key) => Object.hasOwn(allow, key))).map(({ file, url, signedBy, vouchesFor }) => ({
    kind: "input",
    subject: file,
    message: `${url} is signed by ${signedBy.join(", ")}, which is not among the allowed keys; ${vouchesFor.length} inputs hang on it.`,
    remedy: 'Find out whose key it is; if that is who should sign, add it to "allow" of the rule.'
  }));
}

// src/policy/rules/licences.ts
function nameOf2(info) {
  const plus = info.plus ? "+" : "";
  return `${info.license}${plus}${info.exception === void 0 ? "" : ` WITH ${info.exception}`}`;
}
function refusedIn(info, isAllowed) {
  if (!("conjunction" in info)) return isAllowed(nameOf2(info)) ? [] : [nameOf2(info)];
  const left = refusedIn(info.left, isAllowed);
  const right = refusedIn(info.right, isAllowed);
  if (info.conjunction === "and") return [.../* @__PURE__ */ new Set([...left, ...right])];
  return right.length < left.length ? right : left;
}
async function licenceProblem(expression, allow) {
  if (expression === "NOASSERTION") return "its licence is unknown";
  const { default: parse } = await import("./spdx-expression-parse-ZK6RHSXS.js");
  try {
    const refused = refusedIn(parse(expression), (each) => allow?.includes(each) ?? true);
    if (refused.length === 0) return void 0;
    return `${expression} asks for ${refused.join(", ")}, which is not allowed`;
  } catch (error) {
    return `its licence ${JSON.stringify(expression)} cannot be read: ${error.message}`;
  }
}
var called = ({ name, version }) => version === void 0 ? name : `${name} ${version}`;
function violationOf2(component, problem) {
  return {
    kind: "component",
    subject: component.name,
    message: `${called(component)}: ${problem} (${component.licence.basis}).`,
    remedy: 'Find out what it is under; then allow that licence, take another package, or name the component under "exceptions" with the reason.'
  };
}
var own = ["sources", "files", "accounts", "run", "from"];
async function licences({ allow, exceptions = {} }, { inventory }) {
  const found = [];
  for (const component of inventory.components) {
    if (own.includes(component.kind) || Object.hasOwn(exceptions, component.name)) continue;
    const problem = await licenceProblem(component.licence.expression, allow);
    if (problem !== void 0) found.push(violationOf2(component, problem));
  }
  return found;
}

// src/policy/rules/setuid.ts
var bitsOf = (mode) => [...mode & 2048 ? ["set-user-id"] : [], ...mode & 1024 ? ["set-group-id"] : []].join(
  " and "
);
function setuid({ allow }, { entries, declared }) {
  const isAllowed = allowedPaths(allow);
  return entries.flatMap(({ type, path, mode, uid, gid }) => {
    if (type !== "file" && type !== "hardlink" || (mode & 3072) === 0) return [];
    if (declared.has(path) || isAllowed(path)) return [];
    return [
      {
        kind: "path",
        subject: absolute(path),
        message: `${absolute(path)} is ${bitsOf(mode)} (mode ${mode.toString(8)}, owner ${uid}:${gid}).`,
        remedy: 'Leave it out with "slim", give it an ordinary mode, or name it under "allow" with the reason.'
      }
    ];
  });
}

// src/policy/rules/size.ts
var units = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3
};
function bytesIn(size2) {
  const [, count = "", unit = ""] = /^([0-9]+)(.+)$/.exec(size2) ?? [];
  return Number(count) * units[unit];
}
function size({ most }, subject) {
  if (subject.size <= bytesIn(most)) return [];
  return [
    {
      kind: "image",
      message: `The layer has ${subject.size} bytes; at most ${most} (${bytesIn(most)} bytes) are allowed.`,
      remedy: 'Take fewer packages, or leave out what is not needed with "slim".'
    }
  ];
}

// src/policy/rules/stack-protector.ts
function stackProtector({ allow }, files) {
  const isAllowed = allowedPaths(allow);
  return files.flatMap((file) => {
    if (isAllowed(file.path) || "problem" in file || file.hardening.stackCanary !== false)
      return [];
    const path = absolute(file.path);
    return [
      {
        kind: "path",
        subject: path,
        message: `${path} has no function with a stack canary.`,
        remedy: 'Compile it with -fstack-protector-strong; if none of its functions needs a canary, name it under "allow" with the reason.'
      }
    ];
  });
}

// src/policy/rules/unattributed.ts
function unattributed({ allow }, { inventory }) {
  const isAllowed = allowedPaths(allow);
  return inventory.unattributed.filter(({ path }) => !isAllowed(path)).map(({ path, reason: reason2 }) => ({
    kind: "path",
    subject: absolute(path),
    message: `${absolute(path)} is attributed to nothing: ${reason2}.`,
    remedy: 'Let the recipe state it under "files", leave it out with "slim", or name it under "allow" with the reason.'
  }));
}

// src/policy/rules/unsigned-inputs.ts
var words = {
  recipe: "is believed for a digest in the recipe alone",
  "unsigned-archive": "is believed by nobody: --allow unsigned-archive let it pass"
};
function unsignedInputs({ pinned = false }, { lock }) {
  return trustChain(lock).unsigned.filter(({ by }) => !(pinned && by === "recipe")).map(({ name, sha256, by }) => ({
    kind: "input",
    subject: name,
    message: `${name} (sha256 ${sha256}) ${words[by]}.`,
    remedy: by === "recipe" ? 'Name its signature in the recipe ("signature"), take it from a signed index, or set "pinned: true" in the rule.' : "Use a mirror that has the signature, or pin the archive in the recipe."
  }));
}

// src/policy/rules/world-writable.ts
var isOpen = ({ type, mode }) => type !== "symlink" && (mode & 2) !== 0 && !(type === "directory" && (mode & 512) !== 0);
function worldWritable({ allow }, { entries, declared }) {
  const isAllowed = allowedPaths(allow);
  return entries.filter((entry) => isOpen(entry) && !declared.has(entry.path) && !isAllowed(entry.path)).map(({ path, type, mode }) => ({
    kind: "path",
    subject: absolute(path),
    message: `${absolute(path)}, a ${type}, can be written by anybody (mode ${mode.toString(8)}).`,
    remedy: 'State another mode for it under "files", leave it out with "slim", or name it under "allow" with the reason.'
  }));
}

// src/policy/evaluate.ts
var checks = {
  unsignedInputs: (settings, { subject }) => unsignedInputs(settings, subject),
  keys: (settings, { subject }) => keys(settings, subject),
  indexAge: (settings, { subject }) => indexAge(settings, subject),
  licences: (settings, { subject }) => licences(settings, subject),
  unattributed: (settings, { subject }) => unattributed(settings, subject),
  setuid: (settings, { subject }) => setuid(settings, subject),
  capabilities: (settings, { subject }) => capabilities(settings, subject),
  worldWritable: (settings, { subject }) => worldWritable(settings, subject),
  hardening: async (settings, { programs }) => hardening(settings, await programs()),
  stackProtector: async (settings, { programs }) => stackProtector(settings, await programs()),
  size: (settings, { subject }) => size(settings, subject)
};
async function findingsOf(rule, { rules: rules2 }, image) {
  const settings = rules2[rule];
  if (settings === void 0) return [];
  const { level: level2 = "error", reason: reason2 } = settings;
  const check2 = checks[rule];
  const violations = await check2(settings, image);
  return violations.map((violation) => ({
    rule,
    level: level2,
    ...violation,
    ...reason2 !== void 0 && { reason: reason2 }
  }));
}
async function evaluatePolicy(policy, subject) {
  let reading;
  const programs = () => {
    reading ??= elfFiles(subject.entries);
    return reading;
  };
  const findings = [];
  for (const rule of Object.keys(checks)) {
    findings.push(...await findingsOf(rule, policy, { subject, programs }));
  }
  return findings;
}

// src/policy/finding-messages.ts
var mostShown = 20;
function byRule(findings, level2) {
  const groups = /* @__PURE__ */ new Map();
  for (const finding of findings.filter((each) => each.level === level2)) {
    const group = groups.get(finding.rule);
    if (group === void 0) groups.set(finding.rule, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}
var more = (count) => `and ${count} more, which --sarif FILE lists`;
function paragraph(group) {
  const [{ rule, reason: reason2 }] = group;
  const rest = group.length - mostShown;
  const remedies = new Set(group.slice(0, mostShown).map(({ remedy }) => `\u2192 ${remedy}`));
  return [
    reason2 === void 0 ? rule : `${rule}: ${reason2}`,
    ...group.slice(0, mostShown).map(({ message }) => `  ${message}`),
    ...rest > 0 ? [`  \u2026 ${more(rest)}`] : [],
    ...[...remedies].map((remedy) => `  ${remedy}`)
  ].join("\n  ");
}
var policyWarnings = (findings) => byRule(findings, "warning").map(([{ rule, message, remedy }, ...others]) => ({
  code: `policy-${rule}`,
  message: others.length === 0 ? message : `${message} \u2026 ${more(others.length)}.`,
  advice: remedy
}));
function requirePolicy(policy, findings) {
  const groups = byRule(findings, "error");
  if (groups.length === 0) return;
  const count = groups.flat().length;
  const paragraphs = groups.map((group) => `
  ${paragraph(group)}`).join("");
  throw new MkbaseError({
    code: "POLICY",
    message: `The image is not what the policy ${policy.name} asks for: ${count} finding${count === 1 ? "" : "s"}.${paragraphs}`,
    hint: 'Do what the arrows say, or say in a policy of your own ("extends: strict") why it is fine as it is.'
  });
}

// src/policy/load.ts
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

// src/policy/schema.ts
var hardeningNames = ["pie", "relro", "bindNow", "nx"];
var level = _enum(["error", "warning"]).optional().describe("Whether what is found fails the build; error when left out.");
var common = { level, reason: reason.optional() };
var allowedPaths2 = record(imagePath, reason).optional().describe("Paths that are fine, each with the reason; * and ** as in slim.");
var pathRule = strictObject({ ...common, allow: allowedPaths2 });
var spdxLicence = string().regex(
  /^[A-Za-z0-9.-]+\+?(?: WITH [A-Za-z0-9.-]+)?$/,
  "expected an SPDX licence, for instance Apache-2.0 or GPL-2.0-only WITH Classpath-exception-2.0"
);
var componentName = text.min(1, "expected the name of a component, for instance libc6");
var keyName = string().regex(
  /^(?:[0-9A-F]{40}|[0-9A-F]{64}|[A-Za-z0-9@._-]+\.rsa\.pub)$/,
  "expected a fingerprint as 40 or 64 upper-case hexadecimal digits, or the name of an apk key"
);
var days = string().regex(/^[1-9][0-9]{0,4}d$/, "expected a number of days, for instance 30d");
var byteCount = string().regex(/^[1-9][0-9]{0,5}(?:[kMG]B|[KMG]iB)$/, "expected a size, for instance 50MB or 64MiB");
var ruleSchemas = {
  unsignedInputs: strictObject({
    ...common,
    pinned: boolean().optional().describe("Whether a digest in the recipe is enough; false when left out.")
  }).describe("Inputs from outside that no signature vouches for."),
  keys: strictObject({
    ...common,
    allow: record(keyName, text).optional().describe("Keys whose signatures count, each with whose it is.")
  }).describe("Signatures by other keys than these."),
  indexAge: strictObject({ ...common, most: days.describe("Days since the newest one was signed.") }).describe("Signed indexes and releases that are too old: updates are missing."),
  licences: strictObject({
    ...common,
    allow: array(spdxLicence).optional().describe("Licences that are fine; any that is known when left out."),
    exceptions: record(componentName, reason).optional().describe("Components that are fine whatever their licence, each with the reason.")
  }).describe("Components under a licence that is unknown or not allowed."),
  unattributed: pathRule.describe("Bytes that neither a package nor the recipe accounts for."),
  setuid: pathRule.describe("Set-user-id and set-group-id files that the recipe does not declare."),
  capabilities: pathRule.describe("Files that give capabilities to whoever runs them."),
  worldWritable: pathRule.describe(
    "Files that anybody can write to, and such folders without the sticky bit."
  ),
  hardening: strictObject({
    ...common,
    require: array(_enum(hardeningNames)).min(1).optional().describe("What is asked for; all but bindNow when left out."),
    allow: allowedPaths2
  }).describe("Programs and libraries (ELF) without protections that compilers and linkers give."),
  stackProtector: pathRule.describe(
    "Programs and libraries (ELF) without a stack canary in any function."
  ),
  size: strictObject({ ...common, most: byteCount.describe("Of the layer, uncompressed.") }).describe("An image that is too large.")
};
var optionalRule = (schema2) => union([literal(false), schema2]).optional().describe(schema2.description ?? "");
var rules = strictObject({
  unsignedInputs: optionalRule(ruleSchemas.unsignedInputs),
  keys: optionalRule(ruleSchemas.keys),
  indexAge: optionalRule(ruleSchemas.indexAge),
  licences: optionalRule(ruleSchemas.licences),
  unattributed: optionalRule(ruleSchemas.unattributed),
  setuid: optionalRule(ruleSchemas.setuid),
  capabilities: optionalRule(ruleSchemas.capabilities),
  worldWritable: optionalRule(ruleSchemas.worldWritable),
  hardening: optionalRule(ruleSchemas.hardening),
  stackProtector: optionalRule(ruleSchemas.stackProtector),
  size: optionalRule(ruleSchemas.size)
}).describe("What is asked; a rule that is left out asks nothing.");
var policySchema = strictObject({
  name: recipeName.describe("Name, for messages."),
  description: text.optional().describe("One line about what it is for."),
  extends: _enum(["strict"]).optional().describe("A policy that ships with mkbase and that this one adds to."),
  rules
}).describe("An mkbase policy.");

// src/policy/load.ts
function extendRule(base, own2) {
  const merged = Object.entries(own2).map(([name, value]) => {
    const before = base[name];
    return [name, isRecord(before) && isRecord(value) ? { ...before, ...value } : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}
function extendRules(base, own2) {
  const names2 = /* @__PURE__ */ new Set([...Object.keys(base), ...Object.keys(own2)]);
  const pairs = [...names2].flatMap((name) => {
    const settings = own2[name];
    if (settings === false) return [];
    return [[name, extendRule(base[name] ?? {}, settings ?? {})]];
  });
  return Object.fromEntries(pairs);
}
var builtInPolicies = ["strict"];
var isBuiltIn = (name) => builtInPolicies.some((each) => each === name);
var fileOf = (name, root) => join(root, "policies", `${name}.yaml`);
async function readFields(file, cwd) {
  const source = await readSource(file, cwd);
  const { tree, mistakes } = parseYaml(source);
  const { fields, mistakes: wrong } = check(policySchema, tree, source.text);
  if (fields === void 0 || mistakes.length > 0)
    throw recipeError(source, [...mistakes, ...wrong]);
  return fields;
}
var notFound = (message) => new MkbaseError({
  code: "RECIPE_NOT_FOUND",
  message,
  hint: `With mkbase comes ${builtInPolicies.join(", ")}; a policy of your own is named by the path of its file, for instance ./policy.yaml.`
});
async function loadPolicy(nameOrPath, cwd, root = packageRoot) {
  const isPath = nameOrPath.includes("/") || /\.(?:ya?ml|json)$/.test(nameOrPath);
  if (!isPath && !isBuiltIn(nameOrPath)) {
    throw notFound(`No policy named ${quoted(nameOrPath)} ships with mkbase.`);
  }
  const file = isPath ? resolve(cwd, nameOrPath) : fileOf(nameOrPath, root);
  if (!existsSync(file)) throw notFound(`There is no policy at ${quoted(nameOrPath)}.`);
  const { name, description, extends: base, rules: rules2 } = await readFields(file, cwd);
  const inherited = base === void 0 ? {} : (await loadPolicy(base, cwd, root)).rules;
  return {
    name,
    ...description !== void 0 && { description },
    file,
    rules: extendRules(inherited, rules2)
  };
}

// src/policy/sarif.ts
import { pathToFileURL } from "node:url";
var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
var uriOf = (path) => path.startsWith("/") ? pathToFileURL(path).href : path.split("/").map(encodeURIComponent).join("/");
var plain = (text2) => text2.replace(/[{}]/g, (brace) => brace + brace).replace(/[[\]\\]/g, "\\$&");
var ruleNames = (policy) => Object.keys(policy.rules);
var help = "Each finding says what to do about it. Where it is fine as it is, a policy of your own that extends this one names it with the reason.";
function ruleDescriptor(rule, policy) {
  const { level: level2 = "error", reason: reason2 } = policy.rules[rule] ?? {};
  const description = ruleSchemas[rule].description ?? rule;
  const why = reason2 === void 0 ? "" : ` Why: ${reason2}.`;
  return {
    id: rule,
    shortDescription: { text: description },
    fullDescription: { text: plain(`${description}${why}`) },
    help: { text: help },
    defaultConfiguration: { level: level2 }
  };
}
var fingerprint = ({ rule, kind, subject = "" }, { image }) => sha256OfBytes(JSON.stringify([image, rule, kind, subject]));
function result(finding, policy, place) {
  const { rule, level: level2, message, remedy, subject, kind } = finding;
  return {
    ruleId: rule,
    ruleIndex: ruleNames(policy).indexOf(rule),
    level: level2,
    message: { text: plain(`${message} ${remedy}`) },
    locations: [
      {
        // The repository has no path of the image; the recipe is the file to edit.
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.recipe) },
          region: { startLine: 1 }
        },
        logicalLocations: [{ fullyQualifiedName: subject ?? place.image, kind }]
      }
    ],
    partialFingerprints: { "mkbase/v1": fingerprint(finding, place) }
  };
}
function sarif(findings, policy, place) {
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "mkbase",
            semanticVersion: packageVersion,
            rules: ruleNames(policy).map((rule) => ruleDescriptor(rule, policy))
          }
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => result(finding, policy, place))
      }
    ]
  };
}

// src/policy/subject.ts
function declaredPaths({
  name,
  from,
  files
}) {
  const withMode = files.flatMap((file) => "mode" in file ? [file.path] : []);
  const programs = kindOf(from).programs?.(sourceOf(from), name).keys() ?? [];
  return new Set([...withMode, ...programs].map((path) => toByteString(path.slice(1))));
}

// src/pipeline/enforce-policy.ts
var policyOf = async ({ policy }, cwd) => policy === void 0 ? void 0 : loadPolicy(policy, cwd);
async function enforcePolicy(policy, { inventory, entries }, { recipe, lock, image }, request, { cwd, now }, io) {
  if (policy === void 0) return;
  const { size: size2 } = image.rootfs;
  const findings = await evaluatePolicy(policy, {
    ...{ lock, entries, inventory, size: size2, now },
    declared: declaredPaths(recipe)
  });
  for (const warning of policyWarnings(findings)) {
    io.emit({ type: "warning", stage: "evidence", warning });
  }
  if (request.sarif !== void 0) {
    const place = { recipe: relative(cwd, recipe.origin.file), image: recipe.name };
    await writeWholeFile(request.sarif, canonicalJson(sarif(findings, policy, place)));
  }
  requirePolicy(policy, findings);
}

// src/evidence/stage-evidence.ts
import { mkdir } from "node:fs/promises";
import { join as join2 } from "node:path";
var sumsOf = (files) => [...files].map(([name, text2]) => ({ name, sha256: sha256OfBytes(text2) }));
async function* bytesOf(text2) {
  yield Buffer.from(text2);
}
async function stageTrust(lock, outDir, store, io) {
  const chain = trustChain(lock);
  const text2 = canonicalJson(chain);
  const inFolder = ({ name, sha256 }) => ({
    name: `${evidenceNames.trust}/${name}`,
    sha256
  });
  const own2 = { name: "trust.json", sha256: sha256OfBytes(text2) };
  const there = [];
  const staged = await stage(join2(outDir, evidenceNames.trust), "folder", async (path) => {
    await mkdir(path);
    const add = async (sum, bytes) => {
      await writeNewFile(join2(path, sum.name), bytes, io.signal);
      there.push(inFolder(sum));
    };
    await add(own2, bytesOf(text2));
    for (const sum of trustFiles(chain)) {
      if (await store.verify(sum.sha256, io)) await add(sum, store.read(sum.sha256));
    }
  });
  return { staged, there, all: [own2, ...trustFiles(chain)].map(inFolder) };
}
async function stageEvidence({ files }, provenance, outDir, store, io) {
  const staged = [];
  const discard = async () => {
    for (const each of staged.splice(0)) await each.discard();
  };
  const add = async (name, text2) => {
    const fill = (path) => writeNewFile(path, bytesOf(text2), io.signal);
    staged.push(await stage(join2(outDir, name), "file", fill));
  };
  try {
    const trust = await stageTrust(provenance.lock, outDir, store, io);
    staged.push(trust.staged);
    const own2 = sumsOf(files);
    const evidence = [...own2, ...trust.all];
    const statement = canonicalJson(provenanceStatement({ ...provenance, evidence }));
    for (const [name, text2] of files) await add(name, text2);
    await add(evidenceNames.provenance, statement);
    const sum = { name: evidenceNames.provenance, sha256: sha256OfBytes(statement) };
    await add(evidenceNames.sums, sumsText([...own2, ...trust.there, sum]));
  } catch (error) {
    await discard();
    throw error;
  }
  const commit = async () => {
    for (const each of [...staged]) {
      await each.commit();
      staged.shift();
    }
  };
  return { commit, discard };
}

// src/pipeline/finish-build.ts
function writeEvidence(findings, { plan, store }, request, { lock, builder, image, tests }, io) {
  const { recipe, toolchain, platform, outDir, epoch } = plan;
  const asked = {
    platform,
    allow: request.allow ?? [],
    test: !request.noTest,
    ...epoch !== void 0 && { sourceDateEpoch: epoch }
  };
  const work = async () => {
    const provenance = {
      ...{ recipe, toolchain, builder: builder?.reference, asked, lock, image, tests },
      localFiles: await localFiles(plan)
    };
    return stageEvidence(findings, provenance, outDir, store, io);
  };
  return inStage(io, "evidence", "Writing the evidence", work, () => outDir);
}
function resultOf(plan, engine, image, placed, tests, clock) {
  const files = image.rootfs.entries.filter((entry) => entry.type === "file");
  return {
    recipe: plan.recipe.name,
    platform: plan.platform,
    engine: engine.name,
    tags: placed.imageId === null ? [] : plan.tags,
    imageId: placed.imageId,
    diffId: image.rootfs.diffId,
    manifestDigest: image.manifest.digest,
    rootfsBytes: files.reduce((sum, { size: size2 }) => sum + size2, 0),
    outputs: placed.outputs,
    outDir: plan.outDir,
    tests,
    warnings: clock.warnings,
    cached: false,
    timings: clock.timings()
  };
}

// src/pipeline/rootfs-parts.ts
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join as join3 } from "node:path";
import { pipeline } from "node:stream/promises";

// src/steps/run-commands.ts
function runCommands(rootfs, { run, env, epoch }, context, io) {
  const work = {
    rootfs,
    script: run.map((argv) => `in_rootfs ${commandLine(argv)}`).join("\n"),
    epoch,
    env: { ...chrootEnvironment(epoch), ...env },
    name: "run"
  };
  return chrootStep(work, context, io);
}

// src/pipeline/rootfs-parts.ts
async function downloadedFiles({ files }, store, folder) {
  const contents = /* @__PURE__ */ new Map();
  for (const overlay of files) {
    if (!("url" in overlay) || contents.has(overlay.sha256)) continue;
    const file = join3(folder, `file-${overlay.sha256}`);
    try {
      await pipeline(store.read(overlay.sha256), createWriteStream(file));
      contents.set(overlay.sha256, { file, offset: 0, size: (await stat(file)).size });
    } catch (error) {
      throw ioError(error, "writing", file);
    }
  }
  return contents;
}
var placedBy = ({ files, accounts }) => [
  ...files.map(({ path }) => path),
  ...accounts.users.length + accounts.groups.length > 0 ? ["/etc/passwd", "/etc/group"] : []
];
async function allowedBy({ name, from, run }) {
  if (run.length > 0) return "listed";
  const { special } = await kindOf(from).load();
  return special({ name, source: sourceOf(from) });
}
async function buildParts(recipe, lock, context, io) {
  const { epoch, platform } = lock;
  const { build } = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const { entries, record: record2 } = await build(
    { ...wanted, locked: sourceOf(lock.from), epoch },
    context,
    io
  );
  const downloaded = await downloadedFiles(recipe, context.store, context.folder);
  const allow = await allowedBy(recipe);
  const parts = { layers: [entries], recipe, epoch, allow, downloaded, record: record2 };
  if (recipe.run.length === 0) return parts;
  const before = await overlaidEntries(parts);
  const commands = { run: recipe.run, env: recipe.image.env, epoch };
  const after = await runCommands(before, commands, withBuilder(context), io);
  const rest = { ...recipe, files: [], accounts: { users: [], groups: [] } };
  return { ...parts, layers: [after], recipe: rest, placed: placedBy(recipe), beforeRun: before };
}

// src/pipeline/pipeline.ts
async function pinInputs({ request, open, io }) {
  const { inputs, frozen = false, noCache } = request;
  const offered = inputs === void 0 ? void 0 : await takeBundle(inputs, open.store, io);
  const kept = await currentLock(open, { frozen, fresh: noCache, offered }, io);
  giveBackMemory();
  return { kept, lock: { ...kept, epoch: open.plan.epoch ?? kept.epoch } };
}
async function prepareBuilder({ open, io }, { kept, lock }) {
  const { plan, engine, sources } = open;
  const { toolchain, platform } = plan;
  const builder = toolchain && lock.toolchain && await builderFor(toolchain, lock.toolchain, platform);
  const ready = builder === void 0 || await engine.hasToolchain(builder.reference, io);
  const missing2 = ready ? void 0 : builder;
  await fetchInputs(plan, lock, missing2, sources, io);
  await keepLock(plan, kept, io);
  if (missing2) await makeBuilder(missing2, open, io);
  return builder;
}
async function buildTree({ open, io }, { kept, lock }, builder) {
  const { recipe, platform } = open.plan;
  const context = { ...open, builder, stage: "build" };
  const parts = await inStage(
    io,
    "build",
    "Building the root filesystem",
    () => buildParts(recipe, lock, context, io),
    ({ layers }) => plural(layers[0]?.length ?? 0, "entry", "entries")
  );
  const rootfs = await inStage(
    io,
    stageName.rootfs,
    "Making it canonical",
    () => assembleRootfs({ ...parts, file: join4(open.folder, "rootfs.tar") }, io),
    ({ diffId }) => diffId
  );
  const image = composeImage(rootfs, recipe.image, {
    platform,
    created: lock.epoch,
    recipe: recipe.name,
    lockDigest: inputsDigest(kept)
  });
  giveBackMemory();
  return { parts, image };
}
async function runSmokeTests(tests, placed, engine, io) {
  if (tests.length === 0) return [];
  const run = () => placed.tryOut(async (image) => {
    const outcomes = await smokeTest(tests, image, engine, io);
    requirePassed(outcomes);
    return outcomes;
  });
  return inStage(io, "test", "Running the smoke tests", run, ({ length }) => `${length} passed`);
}
function outputsFor(request, engine) {
  if (request.outputs.length > 0) return request.outputs;
  return [defaultOutput(engine.images !== void 0)];
}
async function publish({ request, invocation, policy, open, clock, io }, { lock, builder, image }, findings) {
  const { plan, engine } = open;
  const { recipe, outDir, tags } = plan;
  const target = { outDir, tags, store: engine.images };
  const placed = await inStage(
    io,
    "image",
    "Packaging the image",
    () => placeImage(image, outputsFor(request, engine), target, io),
    () => image.manifest.digest
  );
  try {
    const tests = await runSmokeTests(request.noTest ? [] : recipe.test, placed, engine, io);
    const found = await findings;
    await enforcePolicy(policy, found, { recipe, lock, image }, request, invocation, io);
    const finished = { lock, builder, image, tests };
    const evidence = await writeEvidence(found, open, request, finished, io);
    try {
      await placed.commit();
      await evidence.commit();
    } finally {
      await evidence.discard();
    }
    const result2 = resultOf(plan, engine, image, placed, tests, clock);
    const paths = { read: open.read, written: [plan.lockFile, lockCopyOf(plan)] };
    await rememberBuild(request, result2, paths, invocation, io);
    return result2;
  } finally {
    await placed.discard();
  }
}
async function runStages(run) {
  const { open, invocation, io } = run;
  const { recipe } = open.plan;
  const pinned = await pinInputs(run);
  const builder = await prepareBuilder(run, pinned);
  const leftovers = open.engine.removeLeftovers(invocation.now, io).catch(() => []);
  try {
    const { parts, image } = await buildTree(run, pinned, builder);
    const { record: record2, beforeRun } = parts;
    const findings = gatherEvidence(
      { recipe, lock: pinned.kept, image, store: open.store, record: record2, beforeRun },
      io
    );
    findings.catch(() => void 0);
    return await publish(run, { lock: pinned.lock, builder, image }, findings);
  } finally {
    await leftovers;
  }
}
async function runPipeline(request, invocation, outer) {
  const clock = stageClock(outer);
  const { io } = clock;
  const policy = await policyOf(request, invocation.cwd);
  const open = await openBuild(request, invocation, io);
  try {
    return await runStages({ request, invocation, policy, open, clock, io });
  } catch (error) {
    throw await atItsLine(error, open.plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}
export {
  runPipeline
};
//# sourceMappingURL=pipeline-6CX45CTQ.js.map
