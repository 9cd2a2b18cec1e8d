import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  abi,
  broken,
  dynamicStrings,
  dynamicTags,
  exactly,
  segmentsOf
} from "./chunk-OLVKH22C.js";
import {
  packageComponent
} from "./chunk-KWWEL2PY.js";
import {
  programsOf
} from "./chunk-S4OW3IRY.js";
import {
  nameAndVersion
} from "./chunk-5LFAOEY4.js";
import {
  tarStem
} from "./chunk-6OPODO3C.js";
import {
  buildLimits,
  commandLine,
  quoteWord,
  withBuilder
} from "./chunk-JO2JWHDB.js";
import "./chunk-TNYKORMP.js";
import "./chunk-U563K2LX.js";
import {
  mergedPath
} from "./chunk-22KFFOIY.js";
import {
  compareVersions,
  debianContext,
  followChain,
  indexBlobs,
  lockedIndex,
  openIndex,
  readable,
  required,
  signedRelease
} from "./chunk-L5GUHF3F.js";
import {
  debRecord,
  debianLicence,
  readDebFiles
} from "./chunk-WSLDK5XW.js";
import "./chunk-VOFVSU25.js";
import {
  readKeyFiles,
  verifyDetached
} from "./chunk-3JJWLCQN.js";
import {
  unknownLicence
} from "./chunk-WOT4JK3B.js";
import {
  didYouMean
} from "./chunk-XRUW2DML.js";
import "./chunk-CGY25BUW.js";
import {
  noParts
} from "./chunk-NMZX4AIR.js";
import "./chunk-BQTZTREF.js";
import {
  packagePurl,
  purl
} from "./chunk-6L4Y5YC2.js";
import "./chunk-EVL232IS.js";
import {
  parseParagraph
} from "./chunk-FYFTS2JL.js";
import "./chunk-BRAI6YI6.js";
import {
  below,
  withoutCredentials
} from "./chunk-KE4MIFPR.js";
import {
  showUrl
} from "./chunk-7SZXV43M.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import {
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  fromByteString,
  toByteString
} from "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  sha256OfBytes,
  sha256OfFile
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/static/archive.ts
import { join } from "node:path";

// src/packages/deb/choose/source-package.ts
var component = "main";
async function resolveSource(wanted, context, io) {
  const release = await signedRelease(context.mirrors.main, wanted.suite, context, io);
  const index = await openIndex(release, `${component}/source/Sources`, context, io);
  try {
    const stanza = await newestSource(index, wanted);
    const archive = await readable(
      wanted.suite,
      async () => upstreamArchive(stanza, wanted.debian)
    );
    return {
      url: withoutCredentials(below(release.mirror, archive.path)),
      name: archive.name,
      size: archive.size,
      sha256: archive.sha256,
      version: archive.version,
      trust: { by: "index", index: lockedIndex(release, [component]) }
    };
  } finally {
    await index.close();
  }
}
async function newestSource(index, { debian, suite }) {
  const stanzas = await readable(suite, () => index.find(debian));
  const [newest] = stanzas.filter((stanza) => stanza.get("extra-source-only") !== "yes").sort((a, b) => compareVersions(b.get("version") ?? "", a.get("version") ?? ""));
  if (newest !== void 0) return newest;
  throw new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `There is no source package ${debian} in ${suite}.${didYouMean(debian, await index.names())}`,
    hint: "A source package may have another name than the packages built from it; see https://tracker.debian.org.",
    about: [debian]
  });
}
function upstreamArchive(stanza, name) {
  const files = (stanza.get("checksums-sha256") ?? "").split("\n").flatMap((line) => {
    const match = /^\s*([0-9a-f]{64})\s+(\d{1,15})\s+([^\s/]+)\s*$/.exec(line);
    return match === null ? [] : [{ sha256: match[1], size: Number(match[2]), name: match[3] }];
  });
  const archives = files.filter((file) => tarStem(file.name) !== void 0);
  const upstream = archives.find((file) => /\.orig\.tar\.[a-z0-9]+$/.test(file.name)) ?? archives.find((file) => !/\.(?:debian|orig-[^.]+)\.tar\./.test(file.name));
  if (upstream === void 0) throw new SyntaxError(`${name} lists no upstream archive`);
  return {
    ...upstream,
    path: `${required(stanza, "Directory")}/${upstream.name}`,
    version: required(stanza, "Version")
  };
}

// src/kinds/static/archive.ts
var maxBytes = 2 * 1024 ** 3;
var maxSignatureBytes = 1024 * 1024;
async function resolveArchive(wanted, folder, context, io) {
  if ("debian" in wanted) return resolveSource(wanted, context, io);
  const { url, sha256, signature } = wanted;
  const pinned = { url: showUrl(url), name: fileName(url), sha256 };
  if (signature === void 0) return { ...pinned, trust: { by: "recipe" } };
  const signed = { url, sha256, signature };
  return { ...pinned, ...await checkSignature(signed, folder, context, io) };
}
async function checkSignature({ url, sha256, signature }, folder, { store, offline, now }, io) {
  const keys = await readKeyFiles([join(folder, signature.key)]);
  const bytes = await store.fetchBytes(signature.url, { maxBytes: maxSignatureBytes, offline }, io);
  const [blob] = await store.fetch([{ urls: [url], sha256, maxBytes }], { offline }, io);
  const what = showUrl(url);
  const signedBy = await verifyDetached(store.read(sha256), bytes, { keys, what, now });
  const hash = sha256OfBytes(bytes);
  const trust = { by: "signature", url: showUrl(signature.url), sha256: hash, signedBy };
  return { size: blob.size, trust };
}
function fileName(url) {
  const name = new URL(url).pathname.split("/").at(-1) ?? "";
  if (/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(name)) return name;
  throw new MkbaseError({
    code: "USAGE",
    message: `${showUrl(url)} does not end in the name of a file.`,
    hint: "Name the archive itself, for instance https://example.org/hello-1.0.tar.gz."
  });
}
function archiveDownloads(locked, places = {}) {
  const { sha256, size } = locked;
  const urls = [.../* @__PURE__ */ new Set([...placesOf(locked, places), locked.url])];
  return [{ urls, sha256, ...size === void 0 ? { maxBytes } : { size } }];
}
function placesOf({ url: lockedUrl, trust }, { url, mirrors }) {
  if (url !== void 0) return [url];
  if (trust.by !== "index" || mirrors === void 0) return [];
  const { mirror } = trust.index;
  return lockedUrl.startsWith(`${mirror}/`) ? [mirrors.main + lockedUrl.slice(mirror.length)] : [];
}

// src/kinds/static/compile.ts
import { mkdir as mkdir2 } from "node:fs/promises";
import { join as join3, posix as posix5 } from "node:path";

// src/recipe/recipe.ts
function compilerOf({ name, origin, toolchain }) {
  if (toolchain !== void 0) return toolchain;
  throw new MkbaseError({
    code: "RECIPE_INVALID",
    message: `${origin.file}: the toolchain ${name} has no compiler: it says nothing under "toolchain".`,
    hint: "Name one that compiles, for instance gcc-musl, or add the block.",
    about: [name]
  });
}

// src/kinds/static/link/link-record.ts
import { posix } from "node:path";
var linkerFolder = "link";
var recordFolder = "links";
var ending = ".trace";
var linker = `#!/bin/sh
words() {
  for word do
    case $word in
      @*) cat "\${word#@}" ;;
      *) printf '%s\\n' "$word" ;;
    esac
  done
}
output() {
  name=a.out next=
  while IFS= read -r word; do
    if [ "$next" ]; then
      name=$word next=
      continue
    fi
    case $word in
      -o | --output) next=1 ;;
      --output=*) name=\${word#*=} ;;
      -o?*) name=\${word#-o} ;;
    esac
  done
  printf '%s\\n' "$name"
}
real=/usr/bin/\${0##*/}
for word do
  case $word in
    -t | --trace | -M | --print-* | -v | -V | --version | --verbose | --help | --target-help)
      exec "$real" "$@" ;;
  esac
done
name=$(words "$@" | output)
case $name in
  /*) ;;
  *) name=$(pwd -P)/$name ;;
esac
keep() {
  folder=$(cd "\${name%/*}/" && pwd -P) &&
    record=\${0%/*}/../out/${recordFolder}$folder/\${name##*/}${ending} &&
    mkdir -p "\${record%/*}" &&
    pwd -P >"$record"
}
if keep 2>/dev/null; then
  exec "$real" -t -t "$@" >>"$record"
fi
exec "$real" "$@"
`;
var noObject = /\.(?:a|so(?:\.[0-9.]+)?|ld|lds|x)$/;
function parseRecord(text) {
  const [start = "", ...lines] = text.split("\n");
  const folder = posix.join("/", start);
  const objects = /* @__PURE__ */ new Set();
  const members = /* @__PURE__ */ new Map();
  for (const line of lines) {
    const [, before, after] = /^\(([^()]+)\)(.+)$/.exec(line) ?? [];
    const [, outer = before, inner = after] = /^([^()]+)\(([^()]+)\)$/.exec(line) ?? [];
    if (outer !== void 0 && inner !== void 0) {
      const archive = posix.resolve(folder, outer);
      members.set(`${archive}(${inner})`, { archive, member: inner });
    } else if (line !== "" && !noObject.test(line)) {
      objects.add(posix.resolve(folder, line));
    }
  }
  return { objects: [...objects], members: [...members.values()] };
}
function linkRecords(built) {
  const records2 = /* @__PURE__ */ new Map();
  for (const entry of built) {
    const path = fromByteString(entry.path);
    if (entry.type !== "file" || !path.startsWith(`${recordFolder}/`)) continue;
    if (path.endsWith(ending)) records2.set(path.slice(recordFolder.length, -ending.length), entry);
  }
  return records2;
}

// src/kinds/static/link/link-warnings.ts
var localeRule = {
  code: "static-locale",
  functions: /^(?:setlocale|newlocale|iconv_open)$/,
  why: "looks for locale and gconv files at run time; without them only C and C.UTF-8 work",
  advice: 'Keep to the C locale, use toolchain gcc-musl, or add the files under "files".'
};
var rules = [
  {
    code: "static-dlopen",
    functions: /^(?:dlopen|dlmopen)$/,
    why: "loads shared objects at run time, which a scratch image does not hold",
    advice: "Link the plug-in in, or build without plug-in support."
  },
  localeRule,
  {
    code: "static-nss",
    functions: /^(?:getaddrinfo|gethostby|getservby|getserv|getprotoby|getnetby|getpw|getgr|getsp|initgroups|setpwent|setgrent|endpwent|endgrent|getrpcby|getaliasby|innetgr)/,
    why: "loads glibc's name service modules at run time, in the very version it was linked with",
    advice: "Use toolchain gcc-musl, whose resolver and passwd lookup are self-contained."
  },
  {
    code: "static-runtime-libraries",
    functions: /./,
    why: "needs shared libraries of the linked glibc version at run time",
    advice: "Use toolchain gcc-musl, or do without the function."
  }
];
var linkerLine = /warning: Using ['`‘]([A-Za-z0-9_]+)['’] in statically linked applications requires at runtime/;
function warningFor(name) {
  const rule = rules.find((candidate) => candidate.functions.test(name));
  if (!rule) throw new Error(`no rule for ${name}`);
  return {
    code: rule.code,
    message: `The static program uses ${name}, which ${rule.why}.`,
    advice: rule.advice
  };
}
function warnedFunction(line) {
  return linkerLine.exec(line)?.[1];
}
function localeFunctions(linkMap, ownObjects2) {
  const pulled = /^\S*libc\.a\([^)]*\)\s+(\S+) \(([A-Za-z0-9_]+)\)$/gm;
  const symbols = [...linkMap.matchAll(pulled)].filter(([, by]) => by?.startsWith(ownObjects2)).map(([, , symbol = ""]) => symbol);
  return [...new Set(symbols)].filter((symbol) => localeRule.functions.test(symbol)).sort();
}
function linkWarnings(functions) {
  return [...new Set(functions)].sort().map(warningFor);
}

// src/kinds/static/link/linked.ts
import { posix as posix3 } from "node:path";

// src/kinds/static/output.ts
import { open } from "node:fs/promises";

// src/elf/elf.ts
var cString = (bytes, offset) => {
  const end = bytes.indexOf(0, offset);
  return bytes.toString("latin1", offset, end < 0 ? bytes.length : end);
};
async function neededOf(readAt2, segments) {
  const tags = await dynamicTags(readAt2, segments);
  const needed = tags.filter(([tag]) => tag === abi.dtNeeded);
  if (needed.length === 0) return [];
  const { offset, size } = dynamicStrings(segments, tags);
  const names = await exactly(readAt2, offset, size, "the dynamic string table");
  return needed.map(([, at]) => cString(names, at));
}
async function hasSymbols(readAt2, header) {
  const offset = Number(header.readBigUInt64LE(40));
  const size = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  if (offset === 0 || count === 0) return false;
  const table = await exactly(readAt2, offset, size * count, "the section header table");
  for (let at = 0; at + 8 <= table.length; at += size) {
    if (table.readUInt32LE(at + 4) === abi.shtSymtab) return true;
  }
  return false;
}
async function readElf(readAt2) {
  const header = await readAt2(0, 64);
  if (header.length < 64 || !header.subarray(0, 4).equals(abi.magic)) {
    throw new MkbaseError({
      code: "BUILD_OUTPUT",
      message: "Not an ELF file.",
      hint: 'A static recipe takes compiled programs; put scripts and data under "files".'
    });
  }
  if (header[4] !== 2 || header[5] !== 1) {
    throw new MkbaseError({
      code: "BUILD_OUTPUT",
      message: "Not a 64-bit little-endian ELF file."
    });
  }
  const type = header.readUInt16LE(16);
  if (type !== abi.etExec && type !== abi.etDyn)
    throw broken("it is no executable (an object file?)");
  const segments = await segmentsOf(readAt2, header);
  const interpreter = segments.find((segment) => segment.type === abi.ptInterp);
  return {
    machine: header.readUInt16LE(18),
    interpreter: interpreter && cString(await exactly(readAt2, interpreter.offset, interpreter.size, "PT_INTERP"), 0),
    needed: await neededOf(readAt2, segments),
    pie: type === abi.etDyn,
    symbols: await hasSymbols(readAt2, header)
  };
}
function staticProblems(elf, platform) {
  const problems = [];
  if (elf.machine !== platform.machine) {
    problems.push(
      `it is for machine ${elf.machine}, expected ${platform.machine} (${platform.name})`
    );
  }
  if (elf.interpreter !== void 0) {
    problems.push(`it asks for the dynamic loader ${elf.interpreter} (PT_INTERP)`);
  }
  if (elf.needed.length > 0) {
    problems.push(`it needs shared libraries: ${elf.needed.join(", ")} (DT_NEEDED)`);
  }
  return problems;
}

// src/kinds/static/output.ts
function fileAt(entries, path) {
  return entries.find((entry) => entry.path === path && entry.type === "file");
}
async function readAt({ content, size }, offset, length) {
  if ("bytes" in content) return Buffer.from(content.bytes).subarray(offset, offset + length);
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
  const handle = await open(content.file);
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, content.offset + offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
function locate(program, index, built) {
  const entry = fileAt(built, String(index));
  if (entry) return entry;
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `The build ended well but left no file ${program.built}, which goes to ${program.path}.`,
    hint: 'Correct "programs" or the build commands in the recipe; paths start at the top of the unpacked archive.'
  });
}
function refuse(program, problem, hint, cause) {
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `The build's ${program.built} (for ${program.path}) is not what the recipe promises: ${problem}`,
    hint,
    cause
  });
}
async function elfOf(program, entry) {
  return readElf((offset, length) => readAt(entry, offset, length)).catch((error) => {
    if (!(error instanceof MkbaseError)) throw error;
    return refuse(
      program,
      error.message,
      error.hint ?? "Look at what the build commands left.",
      error
    );
  });
}
function check(program, elf, { platform, stripped }) {
  const problems = staticProblems(elf, platforms[platform]);
  if (problems.length > 0) {
    refuse(
      program,
      `${problems.join("; ")}.`,
      'Link it with -static, with the toolchain of the platform; some build systems need LDFLAGS repeated in "build".'
    );
  }
  if (stripped && elf.symbols) {
    refuse(program, "it still has a symbol table.", 'Set "strip: false" to keep the symbols.');
  }
}
async function takePrograms(programs, built, promised, epoch) {
  return Promise.all(
    programs.map(async (program, index) => {
      const entry = locate(program, index, built);
      check(program, await elfOf(program, entry), promised);
      return {
        ...entry,
        path: toByteString(program.path.slice(1)),
        mode: program.mode,
        uid: 0,
        gid: 0,
        mtime: epoch,
        xattrs: []
      };
    })
  );
}

// src/kinds/static/link/toolchain-files.ts
import { posix as posix2 } from "node:path";
var records = "var/lib/dpkg/status.d";
var checksums = ".md5sums";
var addToolchainFiles = `for each in ${records} usr/share/doc/*/copyright; do
  if test -e "$each"; then set -- "$@" "$each"; fi
done
for each in usr/lib/*.a usr/lib/*/*.a; do
  if test -L "$each"; then set -- "$@" "$each"; fi
done`;
var largest = 16 * 1024 ** 2;
async function textAt(builder, path) {
  const entry = fileAt(builder, path);
  if (entry === void 0 || entry.size > largest) return void 0;
  return (await readAt(entry, 0, entry.size)).toString("utf8");
}
async function ownersIn(builder) {
  const owners = /* @__PURE__ */ new Map();
  for (const { path } of builder) {
    if (!path.startsWith(`${records}/`) || !path.endsWith(checksums)) continue;
    const name = path.slice(records.length + 1, -checksums.length);
    const text = await textAt(builder, path) ?? "";
    for (const [, file = ""] of text.matchAll(/^[0-9a-f]{32} [ *](.+)$/gm)) {
      if (/\.[ao]$/.test(file)) owners.set(fromByteString(mergedPath(toByteString(file))), name);
    }
  }
  return owners;
}
var copyrightPath = (name) => `usr/share/doc/${name}/copyright`;
function sourceIn(control) {
  const fields = parseParagraph(control);
  const source = fields.get("source") ?? fields.get("package") ?? "";
  return source.includes("(") ? source : `${source} (${fields.get("version")})`;
}
async function copyrightOf(builder, name, control) {
  const text = await textAt(builder, copyrightPath(name));
  if (text !== void 0) return text;
  for (const { path } of builder) {
    const [, other = ""] = /^usr\/share\/doc\/([^/]+)\/copyright$/.exec(path) ?? [];
    const stanza = other === "" ? void 0 : await textAt(builder, `${records}/${other}`);
    if (stanza && sourceIn(stanza) === sourceIn(control)) return textAt(builder, path);
  }
  return void 0;
}
async function toolchainFiles(builder) {
  const owners = await ownersIn(builder);
  const links = new Map(
    builder.flatMap(
      (entry) => entry.type === "symlink" ? [[entry.path, fromByteString(entry.target)]] : []
    )
  );
  return {
    owner(file) {
      const path = fromByteString(mergedPath(toByteString(file.slice(1))));
      const target = links.get(toByteString(path));
      const aim = target && posix2.resolve("/", posix2.dirname(path), target).slice(1);
      return owners.get(path) ?? (aim === void 0 ? void 0 : owners.get(aim));
    },
    async package(name) {
      const control = await textAt(builder, `${records}/${name}`);
      if (control === void 0) return void 0;
      return { name, control, copyright: await copyrightOf(builder, name, control) };
    }
  };
}

// src/kinds/static/link/linked.ts
var largestRecord = 4 * 1024 ** 2;
var own = /^\/(?:build|tmp|var\/tmp|run)\//;
var isNamedAlike = (name, built) => [built, `${built}_unstripped`, `${built}.unstripped`, `${built}_g`, `lt-${built}`].includes(name);
function recordOf(place, records2) {
  const exact = records2.get(place);
  if (exact !== void 0) return exact;
  const alike = [...records2].filter(
    ([path]) => isNamedAlike(posix3.basename(path), posix3.basename(place))
  );
  return alike.length === 1 ? alike[0]?.[1] : void 0;
}
async function readRecord(record) {
  if (record.size > largestRecord) return void 0;
  return parseRecord((await readAt(record, 0, record.size)).toString("utf8"));
}
async function collect(record, records2, found, seen) {
  if (seen.has(record)) return true;
  seen.add(record);
  const link = await readRecord(record);
  if (link === void 0) return false;
  for (const { archive, member } of link.members) {
    if (!own.test(archive)) found.set(archive, (found.get(archive) ?? /* @__PURE__ */ new Set()).add(member));
  }
  for (const object of link.objects) {
    const earlier = records2.get(object);
    if (!own.test(object)) found.set(object, void 0);
    else if (earlier && !await collect(earlier, records2, found, seen)) return false;
  }
  return true;
}
async function foundIn(place, records2) {
  const record = recordOf(place, records2);
  const found = /* @__PURE__ */ new Map();
  const whole = record !== void 0 && await collect(record, records2, found, /* @__PURE__ */ new Set());
  return whole ? found : void 0;
}
async function linkedPrograms(programs, built, builder) {
  const records2 = linkRecords(built);
  const toolchain = await toolchainFiles(builder);
  const linked = [];
  for (const { path, place } of programs) {
    const found = await foundIn(place, records2);
    const inputs = found && [...found].sort(([a], [b]) => a < b ? -1 : 1);
    linked.push({
      path,
      inputs: inputs?.map(([file, members]) => ({
        file,
        ...members && { members: [...members].sort() },
        package: toolchain.owner(file)
      }))
    });
  }
  const names = new Set(linked.flatMap(({ inputs = [] }) => inputs.map((each) => each.package)));
  const packages = [];
  for (const name of [...names].sort()) {
    const each = name === void 0 ? void 0 : await toolchain.package(name);
    if (each !== void 0) packages.push(each);
  }
  return { programs: linked, packages };
}
var objectsOf = ({ file, members }) => members === void 0 ? [file.slice(1)] : members.map((name) => `${file.slice(1)}(${name})`);
var pathOf = ({ path }) => toByteString(path.slice(1));
function linkedParts({ programs }) {
  const parts = /* @__PURE__ */ new Map();
  for (const program of programs) {
    const { inputs = [] } = program;
    for (const name of new Set(inputs.map((input) => input.package))) {
      if (name === void 0) continue;
      const objects = inputs.filter((input) => input.package === name).flatMap(objectsOf);
      const part = { program: pathOf(program), objects: objects.sort() };
      parts.set(name, [...parts.get(name) ?? [], part]);
    }
  }
  return parts;
}
function unknownParts({ programs }) {
  return programs.flatMap((program) => {
    const path = pathOf(program);
    const { inputs } = program;
    if (inputs === void 0) {
      return [{ path, reason: "no record of its link says what went into it" }];
    }
    return inputs.filter((input) => input.package === void 0).map(({ file }) => ({
      path,
      reason: `${file} was linked into it, which no package of the toolchain ships`
    }));
  });
}

// src/kinds/static/script.ts
import { posix as posix4 } from "node:path";
var ownObjects = "../obj/";
var cxxEndings = /* @__PURE__ */ new Set([".cc", ".cpp", ".cxx", ".C"]);
var includeFlag = (folder) => `-I${folder}`;
function defineFlags(defines) {
  return Object.entries(defines).map(
    ([name, value]) => value === true ? `-D${name}` : `-D${name}=${value}`
  );
}
function linkFlagsOf({ linkFlags }, toolchain) {
  const replaced = linkFlags.includes("-static-pie") ? ["-static"] : [];
  return [...toolchain.linkFlags.filter((flag) => !replaced.includes(flag)), ...linkFlags];
}
function compileLines(source, toolchain) {
  const sources = source.sources ?? [];
  const cxx = sources.some((file) => cxxEndings.has(posix4.extname(file)));
  const flags = [
    ...source.flags,
    ...defineFlags(source.defines),
    ...source.include.filter((path) => posix4.extname(path) === "").map(includeFlag)
  ];
  const objects = sources.map((_, index) => `${ownObjects}${index}.o`);
  const compile = sources.map(
    (file, index) => commandLine([
      ...cxxEndings.has(posix4.extname(file)) ? toolchain.cxx : toolchain.cc,
      ...flags,
      // Local symbols of C++ and LTO are named after this instead of a random number.
      `-frandom-seed=${file}`,
      "-c",
      file,
      "-o",
      objects[index] ?? ""
    ])
  );
  const link = commandLine([
    ...cxx ? toolchain.cxx : toolchain.cc,
    ...source.flags,
    ...linkFlagsOf(source, toolchain),
    ...source.strip ? ["-s"] : [],
    "-Wl,-Map=../out/link.map",
    "-o",
    "../out/0",
    ...objects,
    ...source.libs.map((lib) => `-l${lib}`)
  ]);
  return ["mkdir obj", "cd src", ...compile, link, "cd .."];
}
function upstreamLines(source, archive, programs, strip) {
  return [
    "mkdir -p src",
    commandLine(["tar", "-xf", archive, "--strip-components=1", "--no-same-owner", "-C", "src"]),
    "cd src",
    ...source.build.map(commandLine),
    // A missing program is reported by mkbase, which knows the recipe.
    ...programs.flatMap(({ built }, index) => [
      `if test -f ${quoteWord(built)}; then`,
      `  ${commandLine(["cp", built, `../out/${index}`])}`,
      ...source.strip ? [`  ${commandLine([...strip, `../out/${index}`])}`] : [],
      "fi"
    ]),
    "cd .."
  ];
}
function buildScript(source, toolchain, programs, archive) {
  if (archive !== void 0 && !/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(archive)) {
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `The archive's name "${archive}" is not one that a build can use.`
    });
  }
  return [
    "set -eux",
    "mkdir out",
    ...archive === void 0 ? compileLines(source, toolchain) : upstreamLines(source, archive, programs, toolchain.strip),
    ""
  ].join("\n");
}
function compilerVariables({ flags, linkFlags }, toolchain) {
  const link = [...toolchain.linkFlags, ...linkFlags].join(" ");
  return {
    CC: toolchain.cc.join(" "),
    CXX: toolchain.cxx.join(" "),
    LDFLAGS: link,
    ...flags.length > 0 && { CFLAGS: flags.join(" "), CXXFLAGS: flags.join(" ") }
  };
}
function buildEnvironment(source, toolchain, epoch) {
  const jobs = String(source.jobs);
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    // GCC looks for the linker here first (gcc(1)).
    COMPILER_PATH: `/build/${linkerFolder}`,
    HOME: "/build",
    TMPDIR: "/tmp",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    SOURCE_DATE_EPOCH: String(epoch),
    // nproc (coreutils) and make take the number of cores from these.
    OMP_NUM_THREADS: jobs,
    MAKEFLAGS: `-j${jobs}`,
    ...source.archive && compilerVariables(source, toolchain),
    ...toolchain.env,
    ...source.env
  };
}

// src/kinds/static/source-context.ts
import { chmod, cp, lstat, mkdir, readdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";
async function assertInside(folder, path) {
  const full = join2(folder, path);
  const [root, real, stats] = await Promise.all([realpath(folder), realpath(full), lstat(full)]);
  const inside = real === join2(root, path);
  if (inside && (stats.isFile() || stats.isDirectory())) return;
  throw new MkbaseError({
    code: "RECIPE_INVALID",
    message: `${full} is ${inside ? "neither a file nor a folder" : `a link to ${real}`}.`,
    hint: "Builders are sent plain files and folders beside the recipe; replace the link by what it points at."
  });
}
async function stage({ folder, paths, added, scripts = {} }, staging) {
  for (const path of paths) {
    await assertInside(folder, path);
    const target = join2(staging, "src", path);
    await mkdir(dirname(target), { recursive: true });
    await cp(join2(folder, path), target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: async (source) => {
        const stats = await lstat(source);
        return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
      }
    });
  }
  for (const [name, contents] of Object.entries(added)) {
    await writeFile(join2(staging, name), contents, { flag: "wx" });
  }
  for (const [path, text] of Object.entries(scripts)) {
    await mkdir(dirname(join2(staging, path)), { recursive: true });
    await writeFile(join2(staging, path), text, { flag: "wx", mode: 493 });
  }
}
async function settleModes(staging) {
  for (const entry of await readdir(staging, { recursive: true, withFileTypes: true })) {
    const path = join2(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || ((await lstat(path)).mode & 64) !== 0;
    await chmod(path, executable ? 493 : 420);
  }
}
async function* packContext(context, staging) {
  await stage(context, staging).then(() => settleModes(staging)).catch((error) => {
    throw ioError(error, "collecting the sources in", context.folder);
  });
  const { create } = await import("./index.min-DJIBMQLX.js");
  const pack = create(
    {
      cwd: staging,
      portable: true,
      mtime: /* @__PURE__ */ new Date(0),
      strict: true,
      // Hard links among the sources end node-tar's stream early (isaacs/node-tar#460).
      linkCache: Object.assign(/* @__PURE__ */ new Map(), { get: () => void 0 })
    },
    ["."]
  );
  yield* pack;
}

// src/kinds/static/compile.ts
var outputFolder = "build/out";
var driver = `umask 022
mkdir -p /build
cd /build
tar -xf - --no-same-owner
PATH=/build/${linkerFolder}:$PATH sh ./build.sh </dev/null >&2
cd /
set -- ${outputFolder}
${addToolchainFiles}
exec tar -cf - "$@"`;
function outputOf(entries) {
  const start = `${outputFolder}/`;
  const below2 = (path) => path.startsWith(start);
  return {
    built: entries.filter(({ path }) => below2(path)).map((entry) => ({ ...entry, path: entry.path.slice(start.length) })),
    builder: entries.filter(({ path }) => !below2(path))
  };
}
function listeningToLinker(io, functions) {
  const emit = (event) => {
    const name = event.type === "log" ? warnedFunction(event.line) : void 0;
    if (name !== void 0) functions.add(name);
    io.emit(event);
  };
  return { ...io, emit };
}
var largestLinkMap = 64 * 1024 ** 2;
async function linkMapOf(built) {
  const map = fileAt(built, "link.map");
  if (map === void 0 || map.size > largestLinkMap) return "";
  return (await readAt(map, 0, map.size)).toString("utf8");
}
function contextOf(pinned, { builder, store }) {
  const {
    source,
    folder,
    locked: { archive }
  } = pinned;
  const programs = programsOf(pinned.name, source);
  return {
    folder,
    paths: [...source.sources ?? [], ...source.include],
    added: {
      "build.sh": buildScript(source, compilerOf(builder.toolchain), programs, archive?.name),
      ...archive && { [archive.name]: store.read(archive.sha256) }
    },
    scripts: { [`${linkerFolder}/ld`]: linker, [`${linkerFolder}/ld.bfd`]: linker }
  };
}
async function runBuild(pinned, context, io) {
  const { builder, engine, folder } = context;
  const staging = join3(folder, "context");
  await mkdir2(staging);
  const output = join3(folder, "build-output.tar");
  const step = {
    toolchain: builder.reference,
    argv: ["/bin/sh", "-euc", driver],
    env: buildEnvironment(pinned.source, compilerOf(builder.toolchain), pinned.epoch),
    limits: buildLimits,
    capabilities: [],
    input: packContext(contextOf(pinned, context), staging)
  };
  const take = (stdout) => spoolTar(stdout, output, { source: "the builder's output" }).then(outputOf);
  return engine.runStep(step, take, io);
}
async function compileStatic(pinned, context, io) {
  const { name, source, platform, epoch } = pinned;
  const functions = /* @__PURE__ */ new Set();
  const { built, builder } = await runBuild(pinned, context, listeningToLinker(io, functions));
  if (compilerOf(context.builder.toolchain).libc === "glibc") {
    for (const each of localeFunctions(await linkMapOf(built), ownObjects)) functions.add(each);
  }
  for (const warning of linkWarnings(functions)) {
    io.emit({ type: "warning", stage: "build", warning });
  }
  const programs = programsOf(name, source);
  const promised = { platform: platform.name, stripped: source.strip };
  const entries = await takePrograms(programs, built, promised, epoch);
  const placed = programs.map(({ path, built: file }, index) => ({
    path,
    place: source.archive ? posix5.join("/build/src", file) : `/${outputFolder}/${index}`
  }));
  return { entries, linked: await linkedPrograms(placed, built, builder) };
}

// src/kinds/static/program-parts.ts
import { lstat as lstat2, readdir as readdir2 } from "node:fs/promises";
import { basename, join as join4, relative } from "node:path";

// src/kinds/static/link/said-links.ts
var readDeb = ({ name, file, sha256 }, store, io) => readDebFiles({ name, filename: file, sha256 }, store, io);
function lockedRecord({ family = "", name, version = "", architecture = "", source }) {
  const { name: sourceName = name, version: sourceVersion = version } = source ?? {};
  return {
    ...{ kind: family, name, version, architecture },
    source: { name: sourceName, version: sourceVersion }
  };
}
async function licenceIn(copyright, name, { inputs }, store, io) {
  const other = copyright && "of" in copyright ? inputs.find((each) => each.name === copyright.of) : void 0;
  const found = other ? (await readDeb(other, store, io)).copyright : copyright;
  if (found && "text" in found) return debianLicence(found.text, name);
  return unknownLicence("the builder holds no copyright file of it");
}
async function saidComponent(input, linked, builder, io) {
  const { store, distro } = builder;
  if (distro === void 0) return void 0;
  const { sha256 } = input;
  if (store === void 0) {
    const record2 = lockedRecord(input);
    const known2 = { record: record2, purl: packagePurl(record2, distro), sha256, linked };
    return packageComponent(known2, async () => unknownLicence("its .deb is not at hand"));
  }
  const { fields, copyright } = await readDeb(input, store, io);
  const record = debRecord(fields);
  if (record === void 0) return void 0;
  const known = { record, purl: packagePurl(record, distro), sha256, linked };
  return packageComponent(known, ({ name }) => licenceIn(copyright, name, builder, store, io));
}
async function saidComponents(linked, builder, io) {
  const components = [];
  for (const [name, parts] of linked) {
    const input = builder.inputs.find((each) => each.name === name);
    const component2 = input && await saidComponent(input, parts, builder, io);
    if (component2 !== void 0) components.push(component2);
  }
  return components;
}

// src/kinds/static/program-parts.ts
var licenceOf = ({ copyright, name }) => copyright === void 0 ? Promise.resolve(unknownLicence("the builder holds no copyright file of it")) : debianLicence(copyright, name);
async function linkedComponent(each, linked, { inputs, distro }) {
  const record = debRecord(parseParagraph(each.control));
  if (record === void 0 || distro === void 0) return void 0;
  const locked = inputs.find(
    ({ name, version }) => name === record.name && version === record.version
  );
  const purl2 = packagePurl(record, distro);
  return packageComponent({ record, purl: purl2, sha256: locked?.sha256, linked }, () => licenceOf(each));
}
async function programParts(wanted, { archive }, context, linked, io) {
  const { recipe, builder, store, filesBeside } = context;
  if (builder === void 0) return noParts;
  const own2 = archive ? archiveComponent(archive, recipe) : await sourcesComponent(wanted, recipe, filesBeside);
  const claims = programsOf(wanted.name, wanted.source).map(({ path }) => ({
    component: own2.id,
    path: toByteString(path.slice(1)),
    expected: { type: "program" }
  }));
  if (linked === void 0) {
    const said = await saidComponents(context.linked ?? /* @__PURE__ */ new Map(), { ...builder, store }, io);
    return { ...noParts, claims, components: [own2, ...said] };
  }
  const parts = linkedParts(linked);
  const components = [own2];
  for (const each of linked.packages) {
    const component2 = await linkedComponent(each, parts.get(each.name) ?? [], builder);
    if (component2 !== void 0) components.push(component2);
  }
  return { ...noParts, claims, components, unattributed: unknownParts(linked) };
}
async function filesAt(folder, path) {
  const full = join4(folder, path);
  const stats = await lstat2(full).catch((error) => {
    throw ioError(error, "reading", full);
  });
  if (!stats.isDirectory()) return [path];
  const entries = await readdir2(full, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join4(entry.parentPath, entry.name)));
}
async function hashedBelow(named, folder) {
  const paths = /* @__PURE__ */ new Set();
  for (const path of named) for (const file of await filesAt(folder, path)) paths.add(file);
  return Promise.all(
    [...paths].map(async (path) => ({ path, sha256: await sha256OfFile(join4(folder, path)) }))
  );
}
var recordedBelow = (named, recorded) => recorded.filter(({ path }) => named.some((each) => path === each || path.startsWith(`${each}/`))).map(({ path, sha256 }) => ({ path, sha256 }));
async function sourcesComponent({ name, source, folder }, recipe, filesBeside) {
  const named = [...source.sources ?? [], ...source.include];
  const files = filesBeside ? recordedBelow(named, filesBeside) : await hashedBelow(named, folder);
  const own2 = { path: basename(recipe.file), sha256: recipe.sha256 };
  const inputs = [own2, ...files.sort((a, b) => a.path < b.path ? -1 : 1)];
  return {
    id: "recipe:sources",
    kind: "sources",
    name,
    licence: unknownLicence("sources of your own; mkbase does not guess at their licence"),
    inputs,
    linked: []
  };
}
var upstreamVersion = (version) => version.replace(/^\d+:/, "").replace(/-[^-]*$/, "");
function archiveComponent(archive, recipe) {
  const stated = nameAndVersion(archive.name);
  const version = archive.version ? upstreamVersion(archive.version) : stated.version;
  const url = archive.trust.by === "index" ? void 0 : archive.url;
  const qualifiers = { checksum: `sha256:${archive.sha256}`, download_url: url };
  const id = purl({ type: "generic", name: stated.name, version, qualifiers });
  return {
    id,
    kind: "archive",
    name: stated.name,
    ...version !== void 0 && { version },
    licence: unknownLicence("an upstream archive; mkbase reads no licence out of it"),
    purl: id,
    sha256: archive.sha256,
    inputs: [{ path: basename(recipe.file), sha256: recipe.sha256 }],
    linked: []
  };
}

// src/kinds/static/work.ts
var specialBits = 3584;
var indexSet = ({ archive }) => ({
  indexes: archive?.trust.by === "index" ? [archive.trust.index] : [],
  packages: []
});
var work = {
  resolve: async ({ source: { archive }, folder, platform }, { sources }, io) => {
    if (archive === void 0) return {};
    const debian = await debianContext({}, platform, sources);
    return { archive: await resolveArchive(archive, folder, debian, io) };
  },
  downloads: async ({ source, platform }, { archive }, sources) => {
    if (archive === void 0) return [];
    const { mirrors } = await debianContext({}, platform, sources);
    const own2 = source.archive && "url" in source.archive ? { url: source.archive.url } : {};
    return archiveDownloads(archive, { ...own2, mirrors });
  },
  isProven: async ({ platform }, locked, sources, io) => {
    const { archive } = locked;
    if (archive !== void 0 && archive.trust.by !== "recipe") return false;
    return followChain(indexSet(locked), platform, await debianContext({}, platform, sources), io);
  },
  indexFiles: async ({ platform }, locked, sources, io) => indexBlobs(indexSet(locked), platform, await debianContext({}, platform, sources), io),
  // No package is pinned: the builder's are its own.
  update: (_, after) => after,
  build: async (pinned, context, io) => {
    const { entries, linked } = await compileStatic(pinned, withBuilder(context), io);
    return { entries, record: linked };
  },
  special: ({ name, source }) => programsOf(name, source).filter(({ mode }) => (mode & specialBits) !== 0).map(({ path }) => toByteString(path.slice(1))),
  parts: (wanted, locked, context, io) => programParts(wanted, locked, context, context.record, io)
};
export {
  work
};
//# sourceMappingURL=work-RRNZQJUW.js.map
