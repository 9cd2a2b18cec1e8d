import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildLimits,
  chrootDevices,
  withBuilder
} from "./chunk-JO2JWHDB.js";
import {
  rootfsCapabilities
} from "./chunk-TNYKORMP.js";
import {
  packageControl,
  unpackedParts
} from "./chunk-7JYIQ2FY.js";
import "./chunk-IQCQLPDV.js";
import {
  candidateOf,
  debDownloads,
  debianContext,
  defaultUbuntuMirrors,
  distributions,
  followChain,
  indexBlobs,
  knownSuites,
  lockedIndex,
  lockedPackage,
  openIndex,
  readable,
  signedRelease,
  universeOf
} from "./chunk-L5GUHF3F.js";
import "./chunk-WSLDK5XW.js";
import {
  blobPath,
  layoutOf
} from "./chunk-VOFVSU25.js";
import "./chunk-3JJWLCQN.js";
import "./chunk-WOT4JK3B.js";
import {
  didYouMean
} from "./chunk-XRUW2DML.js";
import {
  isAbsent,
  mapConcurrent
} from "./chunk-CGY25BUW.js";
import "./chunk-NMZX4AIR.js";
import {
  updateDebs
} from "./chunk-BQTZTREF.js";
import "./chunk-6L4Y5YC2.js";
import "./chunk-EVL232IS.js";
import {
  parseParagraphs
} from "./chunk-FYFTS2JL.js";
import {
  defaultMirrors
} from "./chunk-BRAI6YI6.js";
import {
  withoutCredentials
} from "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import "./chunk-R3GKPU3X.js";
import "./chunk-IQA7OYSC.js";
import {
  readTar,
  spoolTar
} from "./chunk-C36BAQN3.js";
import {
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/kinds/debootstrap/work.ts
import { join as join2 } from "node:path";

// src/kinds/debootstrap/debootstrap-shell.ts
var standIns = `
stand_in() {
  mkdir /build/bin
  cat >/build/bin/wget <<'END'
#!/bin/sh
while [ "$#" -gt 1 ]; do
  if [ "$1" = -O ]; then to=$2; fi
  shift
done
[ -e /build/default-mirror ] || echo "\${1%%/dists/*}" >/build/default-mirror
read -r mirror </build/default-mirror
exec ln "/build/mirror/\${1#"$mirror"/}" "$to"
END
  printf '#!/bin/sh\\nexit 1\\n' >/build/bin/mount
  printf '#!/bin/sh\\n' >/build/bin/sync
  chmod 755 /build/bin/*
}
`;
var callDebootstrap = `
call_debootstrap() {
  relative=$1 suite=$2 folder=$3
  shift 3
  if [ -e "/usr/share/debootstrap/scripts/$suite" ]; then relative=$suite; fi
  PATH=/build/bin:$PATH debootstrap --no-check-sig "$@" "$suite" "$folder" '' "$relative"
}
`;
var debootstrapEnvironment = {
  container: "mmdebstrap-unshare",
  HOME: "/root",
  LC_ALL: "C",
  TZ: "UTC",
  DEBIAN_FRONTEND: "noninteractive",
  DEBCONF_NONINTERACTIVE_SEEN: "true"
};
function variantOption(variant) {
  return variant === "standard" ? [] : [`--variant=${variant}`];
}

// src/kinds/debootstrap/choose/choose-script.ts
var baseStanzas = String.raw`
local $/;
my %seed;
for my $file (splice @ARGV) {
  open my $script, '<', $file or die "$file: $!";
  $seed{$_} = 1 for <$script> =~ /[a-z0-9][a-z0-9+.-]+/g;
}
$/ = '';
my (%stanzas, @names, @queue);
while (<STDIN>) {
  my ($name) = /^Package: (\S+)/ or next;
  push @names, $name unless $stanzas{$name};
  push @{$stanzas{$name}}, $_;
  push @queue, $name if $seed{$name} || /^(?:Priority: (?:required|important)|Essential: yes)$/m;
}
my %kept;
while (defined(my $name = shift @queue)) {
  next if $kept{$name}++;
  for (map { /^(?:Pre-)?Depends: (.*)$/mg } @{$stanzas{$name} || []}) {
    push @queue, map { /^\s*([^\s:(]+)/ } split /[,|]/;
  }
}
print map { @{$stanzas{$_}} } grep { $kept{$_} } @names;
`;
var debootstrapFields = "Package|Version|Architecture|Priority|Essential|Pre-Depends|Depends|Filename|Size|SHA256";
var aptFields = `${debootstrapFields}|Multi-Arch|Important|Protected|Provides|Conflicts|Breaks|Replaces`;
var aptConfiguration = `
Dir::State "/build/apt";
Dir::State::status "/build/apt/status";
Dir::Cache "/build/apt";
Dir::Etc "/build/apt/etc";
Dir::Etc::sourcelist "/build/apt/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
Debug::NoLocking "true";
`.trim();
var indexUrlPattern = /^file:\/build\/index\/(\d+)\//;
var chooseScript = `${standIns}${callDebootstrap}
cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2 architecture=$3 components=$4 options=''
shift 4
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift

mkdir -p apt/lists/partial apt/archives/partial apt/etc/apt.conf.d apt/etc/preferences.d out
for index in index/*; do
  number=\${index#index/}
  grep -aE '^((${aptFields}):|$)' "$index/Packages" >"apt/lists/_build_index_\${number}_._Packages" || true
  echo "deb [arch=$architecture trusted=yes] file:/build/$index ./"
done >apt/sources
: >apt/status
cat >apt/conf <<'END'
${aptConfiguration}
END
echo "APT::Architecture \\"$architecture\\";" >>apt/conf
export APT_CONFIG=/build/apt/conf
apt-cache -q gencaches >/dev/null 2>&1 &

scripts=/usr/share/debootstrap/scripts
if [ -e "$scripts/$suite" ]; then relative=$suite; fi
cat >base-stanzas <<'END'
${baseStanzas.trim()}
END
cp release release.whole
number=0
for component in $components; do
  file=$component/binary-$architecture/Packages
  mkdir -p "mirror/dists/$suite/\${file%/*}"
  grep -aE '^((${debootstrapFields}):|$)' "index/$number/Packages" |
    perl base-stanzas "$scripts/debian-common" "$scripts/$relative" >"mirror/dists/$suite/$file"
  sum=$(sha256sum "mirror/dists/$suite/$file")
  echo " \${sum%% *} $(wc -c <"mirror/dists/$suite/$file") $file" >>release.whole
  number=$((number + 1))
done
mv release.whole "mirror/dists/$suite/Release"
stand_in
call_debootstrap "$relative" "$suite" /build/target --print-debs $options >printed 2>log || {
  cat log >&2
  exit 1
}
mv default-mirror out/mirror
wait

choose() {
  what=$1
  shift
  if apt-get -qq --yes --print-uris install $(cat printed) "$@" >"$what" 2>problem
  then mv "$what" out
  else mv problem out
  fi
}
choose base
if [ -e out/base ] && [ "$#" -gt 0 ]; then choose all "$@"; fi
tar -cf - -C out .
`;

// src/kinds/debootstrap/choose/answer.ts
var names = ["mirror", "base", "all", "problem"];
var largestAnswer = 64 * 1024 ** 2;
async function textOf(content) {
  const chunks = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
async function readWords(stdout) {
  const limits2 = { maxBytes: largestAnswer };
  const found = {};
  for await (const { entry: entry2, content } of readTar(stdout, { source: "apt's answer", limits: limits2 })) {
    const name = names.find((each) => each === entry2.path);
    if (name !== void 0) found[name] = await textOf(content);
  }
  const { mirror = "", ...rest } = found;
  if (!/^https?:\/\/[^\s@]+\n$/.test(mirror)) throw senseless("names no mirror");
  return { ...rest, mirror: mirror.trimEnd() };
}
function senseless(problem) {
  return new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `What the builder chose ${problem}.`,
    hint: "Run `mkbase gc --all`, which removes builders, and build again."
  });
}
function parseChoices(text) {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, url = "", file2 = ""] = /^'([^']*)' (\S+)\.deb \d+ /.exec(line) ?? [];
    const index = indexUrlPattern.exec(url)?.[1];
    const [name, version, architecture, ...more] = file2.split("_").map(decoded);
    if (!index || !name || !version || !architecture || more.length > 0) {
      throw senseless(`holds the line ${JSON.stringify(line.slice(0, 200))}`);
    }
    return { name, version, architecture, index: Number(index) };
  });
}
function decoded(part) {
  return part.replace(
    /%([0-9a-f]{2})/gi,
    (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))
  );
}
var noWay = /broken packages|unmet dependencies|installation candidate|was not found|locate package/;
function answerOf({ mirror, base, all, problem }) {
  if (base !== void 0 && problem === void 0) {
    return { mirror, base: parseChoices(base), all: parseChoices(all ?? base) };
  }
  const lines = (problem ?? "").split("\n").filter((line) => line.trim() !== "");
  const reasons = lines.map((line) => `  ${line}`).join("\n");
  if (!noWay.test(reasons)) {
    throw new MkbaseError({
      code: "SOURCE_CORRUPT",
      message: `apt cannot choose from these indexes, though their signatures hold:
${reasons}`,
      hint: "The archive itself is at fault; report it to whoever runs it, or use another."
    });
  }
  throw new MkbaseError({
    code: "PACKAGE_CONFLICT",
    message: `apt finds no set of packages that holds all that is wanted:
${reasons}`,
    hint: base === void 0 ? "The mirror may be in the middle of an update: try again later." : 'Leave one of the packages out of "packages".'
  });
}

// src/kinds/debootstrap/choose/choose.ts
var limits = {
  memoryBytes: 4 * 1024 ** 3,
  processes: 512,
  // A builder for another machine may be emulated.
  seconds: 30 * 60,
  outputBytes: largestAnswer
};
var file = (path, content, size) => ({
  type: "file",
  path,
  mode: 420,
  uid: 0,
  gid: 0,
  mtime: 0,
  xattrs: [],
  size,
  content
});
function releaseHead({ suite, codename }, source, arch) {
  const components = source.components.join(" ");
  const fields = { Suite: suite, Codename: codename, Components: components, Architectures: arch };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}
`);
  return Buffer.from(`${lines.join("")}SHA256:
`);
}
function input({ source, suites, platform }, storeFolder) {
  const head = releaseHead(suites[0].release, source, platform.debian);
  const indexes = suites.flatMap(({ indexes: indexes2 }) => indexes2);
  return [
    file("release", { bytes: head }, head.length),
    ...indexes.map(({ plain: { sha256, size } }, number) => {
      const stored = { file: blobPath(layoutOf(storeFolder), sha256), offset: 0, size };
      return file(`index/${number}/Packages`, stored, size);
    })
  ];
}
async function choose(choosing, context, io) {
  const { source, packages, platform } = choosing;
  const { distro, suite, components, variant } = source;
  const options = [
    `--arch=${platform.debian}`,
    `--components=${components.join(",")}`,
    ...variantOption(variant),
    // Ubuntu's script adds it to what it prints, for another tool, and not to what it installs.
    "--exclude=usrmerge"
  ];
  const parameters = [distributions[distro].script, suite, platform.debian, components.join(" ")];
  const step = {
    argv: ["/bin/sh", "-euc", chooseScript, "mkbase", ...parameters, ...options, "--", ...packages],
    env: debootstrapEnvironment,
    limits,
    capabilities: [],
    input: writeTar(input(choosing, context.sources.store.folder), { reuseMemory: true })
  };
  return answerOf(await context.runInBuilder(step, readWords, io));
}

// src/kinds/debootstrap/choose/suites.ts
function suitesOf({
  distro,
  suite,
  updates,
  security
}) {
  const rolling = distributions[distro].rolling.includes(suite);
  return [
    { suite, mirror: "main" },
    ...updates && !rolling ? [{ suite: `${suite}-updates`, mirror: "main" }] : [],
    ...security && !rolling ? [{ suite: `${suite}-security`, mirror: "security" }] : []
  ];
}
async function openSuites(source, platform, context, io) {
  const [own, ...updates] = suitesOf(source);
  const ask = (wanted, group) => releaseOf(wanted, source, context, group);
  const releases = [await ask(own, io), ...await mapConcurrent(updates, 2, ask, io)];
  const suites = [];
  try {
    for (const release of releases) {
      const indexes = [];
      suites.push({ release, indexes });
      for (const component of source.components) {
        const path = `${component}/binary-${platform.debian}/Packages`;
        const index = await openIndex(release, path, context, io);
        indexes.push({ suite: release.asked, index, plain: release.files.get(path) });
      }
    }
    return suites;
  } catch (error) {
    await closeSuites(suites);
    throw error;
  }
}
async function closeSuites(suites) {
  await Promise.all(suites.flatMap(({ indexes }) => indexes.map(({ index }) => index.close())));
}
async function releaseOf({ suite, mirror }, source, context, io) {
  const root = context.mirrors[mirror];
  try {
    return await signedRelease(root, suite, context, io);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const place = withoutCredentials(root);
    throw suite === source.suite ? noSuite(source, place, error) : noUpdates(suite, place, error);
  }
}
function noSuite({ distro, suite }, place, cause) {
  const { title } = distributions[distro];
  const known = knownSuites(distributions[distro]);
  return new MkbaseError({
    code: "RELEASE_NOT_FOUND",
    message: `There is no ${title} suite ${suite} at ${place}.${didYouMean(suite, known)}`,
    hint: `Known suites are ${known.join(", ")}; old ones move to an archive of their own, which "mirror" or --mirror names.`,
    cause,
    about: [suite]
  });
}
function noUpdates(suite, place, cause) {
  const field2 = suite.endsWith("-security") ? "security" : "updates";
  return new MkbaseError({
    code: "SOURCE_UNREACHABLE",
    message: `${place} has no suite ${suite}.`,
    hint: `Name a mirror that has it, or set "${field2}: false" in the recipe.`,
    cause
  });
}

// src/kinds/debootstrap/choose/resolve.ts
async function resolveDebootstrap({ source, packages, platform }, debian, context, io) {
  const suites = await openSuites(source, platform, debian, io);
  try {
    const indexes = suites.flatMap((suite) => suite.indexes);
    await refuseUnknown(packages, universeOf(indexes, platform.debian), indexes);
    const answer = await choose({ source, packages, platform, suites }, context, io);
    const find = (choice) => listed(choice, indexes[choice.index], platform);
    const base = answer.base.map(({ name }) => name).sort();
    const ofPriority = (wanted) => withPriority(wanted, base, suites[0]?.indexes ?? [], platform);
    return {
      debs: {
        indexes: suites.map(({ release }) => lockedIndex(release, source.components)),
        packages: (await Promise.all(answer.all.map(find))).sort(byName)
      },
      settings: {
        codename: suites[0]?.release.codename ?? source.suite,
        mirror: answer.mirror,
        base,
        required: await ofPriority("required"),
        important: await ofPriority("important"),
        wanted: packages.map((word) => nameAndVersion(word).name).sort()
      }
    };
  } finally {
    await closeSuites(suites);
  }
}
var byName = (a, b) => a.name < b.name ? -1 : 1;
async function listed({ name, version, architecture }, from, platform) {
  const stanzas = from === void 0 ? [] : await from.index.find(name);
  for (const stanza of stanzas) {
    const found = await readable(
      from.suite,
      async () => candidateOf(stanza, from.suite, platform.debian)
    );
    if (found.version !== version || found.architecture !== architecture) continue;
    return readable(found.suite, async () => lockedPackage(found));
  }
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `The builder chose ${name} ${version} (${architecture}), which no signed index lists.`,
    hint: "Run `mkbase gc --all`, which removes builders, and build again."
  });
}
async function withPriority(priority, names2, indexes, { debian }) {
  const universe = universeOf(indexes, debian);
  const found = await Promise.all(names2.map((name) => universe.find(name)));
  return found.flatMap((each) => each?.fields.get("priority") === priority ? [each.name] : []);
}
function nameAndVersion(word) {
  const [name = "", version] = word.split("=", 2);
  return { name, ...version !== void 0 && { version } };
}
async function refuseUnknown(packages, universe, indexes) {
  for (const word of packages) {
    const { name, version } = nameAndVersion(word);
    if (await universe.find(name) === void 0) await refuseVirtual(name, universe);
    else if (version !== void 0) await refuseOtherVersion(name, version, indexes);
  }
}
async function refuseVirtual(name, universe) {
  const providers = (await universe.providers(name)).map((provider) => provider.name);
  if (providers.length === 1) return;
  if (providers.length > 1) {
    throw new MkbaseError({
      code: "PACKAGE_NOT_FOUND",
      message: `${name} is a virtual package, which ${providers.length} packages provide.`,
      hint: `Name one of them in "packages": ${providers.slice(0, 8).join(", ")}.`,
      about: [name]
    });
  }
  throw new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `There is no package ${name} in the suite.${didYouMean(name, await universe.names())}`,
    hint: "Check the spelling, the suite and the components in the recipe.",
    about: [name]
  });
}
async function refuseOtherVersion(name, version, indexes) {
  const stanzas = await Promise.all(indexes.map(({ index }) => index.find(name)));
  const versions = stanzas.flat().map((stanza) => stanza.get("version") ?? "");
  if (versions.includes(version)) return;
  throw new MkbaseError({
    code: "PACKAGE_NOT_FOUND",
    message: `There is no version ${version} of ${name} in the suite; there is ${versions.join(", ")}.`,
    hint: 'Name one of these in "packages", or leave the version to the lock, which pins it, too.',
    about: [name]
  });
}

// src/kinds/debootstrap/make.ts
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

// src/kinds/debootstrap/make-script.ts
var aptConfiguration2 = `
Dir::Etc::sourcelist "/mirror/sources";
Dir::Etc::sourceparts "-";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Dpkg::Use-Pty "false";
`.trim();
var makeScript = `${standIns}${callDebootstrap}${chrootDevices}
umask 022
cd /build
tar -xf - --no-same-owner
relative=$1 suite=$2 options=''
shift 2
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift

: >begin
root=/build/root
mkdir -m 755 "$root"
make_devices "$root"
# The package makedev, which xenial still has, makes dozens more unless this one says that devfs does.
devfs=$root/dev/.devfsd
mknod "$devfs" c 1 3 2>/dev/null || {
  true >"$devfs"
  mount -o bind /dev/null "$devfs"
}
stand_in
call_debootstrap "$relative" "$suite" "$root" $options >&2 || {
  log=$root/debootstrap/debootstrap.log
  tail -n 20 "$log" >&2
  grep -aE -A 4 '^(dpkg|E|W|tar|gpgv): ' "$log" | tail -n 30 >&2
  exit 1
}

if [ "$#" -gt 0 ]; then
  mv mirror "$root/mirror"
  echo "deb [trusted=yes] file:/mirror $suite main" >"$root/mirror/sources"
  cat >"$root/mirror/apt.conf" <<'END'
${aptConfiguration2}
END
  printf '#!/bin/sh\\nexit 101\\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  export APT_CONFIG=/mirror/apt.conf
  chroot "$root" apt-get -qq update >&2
  chroot "$root" apt-get -qq --yes install "$@" >&2
  rm "$root/usr/sbin/policy-rc.d"
  rm -r "$root/mirror"
fi
rm -f "$root"/var/cache/apt/archives/*.deb
umount -l "$devfs" 2>/dev/null || true
remove_devices "$root"
: >end
exec tar --sort=name --numeric-owner --xattrs --xattrs-include='*' -cf - begin end root
`;

// src/kinds/debootstrap/mirror.ts
var concurrency = 2;
var entry = (path, content, size) => {
  const common = { mode: 420, uid: 0, gid: 0, mtime: 0, xattrs: [] };
  return { ...common, type: "file", path, size, content };
};
var textEntry = (path, text) => {
  const bytes = Buffer.from(text);
  return entry(path, { bytes }, bytes.length);
};
var poolPath = ({ name, architecture }) => `pool/${name}_${architecture}.deb`;
function priorityOf({ name }, own, locked) {
  if (locked.required.includes(name)) return "required";
  if (locked.important.includes(name)) return "important";
  return /^(?:standard|extra)$/.test(own) ? own : "optional";
}
var field = (name) => new RegExp(`^${name}:.*\\n(?:[ \\t].*\\n)*`, "im");
function stanzaOf(locked, control, debootstrap) {
  const own = `${control.toString("latin1").trimEnd()}
`;
  const rest = own.replace(field("Package"), "").replace(field("Priority"), "");
  const [, priority = ""] = /^Priority:\s*(\S+)/im.exec(own) ?? [];
  const added = [
    `Priority: ${priorityOf(locked, priority, debootstrap)}`,
    `Filename: ${poolPath(locked)}`,
    `Size: ${locked.size}`,
    `SHA256: ${locked.sha256}`
  ];
  return Buffer.from(`Package: ${locked.name}
${rest}${added.join("\n")}

`, "latin1");
}
function releaseText({ suite, debootstrap: { codename }, platform }, index) {
  const path = `main/binary-${platform.debian}/Packages`;
  const sum = sha256OfBytes(index);
  return [
    `Suite: ${suite}`,
    `Codename: ${codename}`,
    "Components: main",
    `Architectures: ${platform.debian}`,
    "SHA256:",
    ` ${sum} ${index.length} ${path}`,
    ""
  ].join("\n");
}
async function mirrorEntries(input2, place, io) {
  const { suite, debs, debootstrap, platform } = input2;
  const total = debs.packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const read = async (locked, group) => {
    const { control } = await packageControl(locked, place, group);
    done += locked.size;
    io.emit({ type: "progress", stage: "build", done, total, item: locked.name });
    return stanzaOf(locked, control, debootstrap);
  };
  const index = Buffer.concat(await mapConcurrent(debs.packages, concurrency, read, io));
  const layout = layoutOf(place.store.folder);
  const folder = `mirror/dists/${suite}`;
  return [
    textEntry(`${folder}/Release`, releaseText(input2, index)),
    textEntry(`${folder}/main/binary-${platform.debian}/Packages`, index),
    ...debs.packages.map((locked) => {
      const { sha256, size } = locked;
      return entry(
        `mirror/${poolPath(locked)}`,
        { file: blobPath(layout, sha256), offset: 0, size },
        size
      );
    })
  ];
}

// src/kinds/debootstrap/policy/container-files.ts
var clean = '"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true";';
var containerFiles = [
  {
    path: "etc/apt/apt.conf.d/docker-autoremove-suggests",
    mode: 420,
    reason: "what was only installed for a build goes again with apt-get autoremove",
    content: `// A package that another one merely suggests is no reason to keep it.
Apt::AutoRemove::SuggestsImportant "false";
`
  },
  {
    path: "etc/apt/apt.conf.d/docker-clean",
    mode: 420,
    reason: "each layer would keep the packages that it installed, and caches of apt that only help here",
    content: `// What was downloaded is not kept, and apt keeps no caches of its own in binary form.
DPkg::Post-Invoke { ${clean} };
APT::Update::Post-Invoke { ${clean} };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
`
  },
  {
    path: "etc/apt/apt.conf.d/docker-gzip-indexes",
    mode: 420,
    reason: "indexes that stay in a layer should be small",
    content: `// The indexes stay compressed on disk.
Acquire::GzipIndexes "true";
`
  },
  {
    path: "etc/apt/apt.conf.d/docker-no-languages",
    mode: 420,
    reason: "nobody reads translated package descriptions in a container",
    content: `// No translations of package descriptions are downloaded.
Acquire::Languages "none";
`
  },
  {
    path: "etc/dpkg/dpkg.cfg.d/docker-apt-speedup",
    mode: 420,
    reason: "an image whose making was cut short by a power failure is thrown away anyway",
    content: `# Unpacking does not wait for the disk after each file.
force-unsafe-io
`
  },
  {
    path: "usr/sbin/policy-rc.d",
    mode: 493,
    reason: "there is no init in a container that could start a service when its package is installed",
    content: `#!/bin/sh
# No service is started when its package is installed (policy-rc.d(8)).
exit 101
`
  }
];

// src/kinds/debootstrap/policy/sources-list.ts
function securityMirror({ source, platform }) {
  if (source.distro === "ubuntu") return defaultUbuntuMirrors(platform).security;
  return defaultMirrors.security;
}
function signedBy({ source }, entries) {
  const there = new Set(entries.map(({ path }) => path));
  const keyring = distributions[source.distro].keyrings.find((path) => there.has(path));
  return keyring === void 0 ? [] : [`Signed-By: /${keyring}`];
}
function sourcesList(input2, entries) {
  const { source, mirror } = input2;
  const wanted = suitesOf(source);
  const mirrors = { main: mirror, security: securityMirror(input2) };
  const stanzas = ["main", "security"].flatMap((place) => {
    const suites = wanted.filter((each) => each.mirror === place).map(({ suite }) => suite);
    if (suites.length === 0) return [];
    const lines = [
      "Types: deb",
      `URIs: ${mirrors[place]}`,
      `Suites: ${suites.join(" ")}`,
      `Components: ${source.components.join(" ")}`,
      ...signedBy(input2, entries)
    ];
    return [lines.join("\n")];
  });
  return `${stanzas.join("\n\n")}
`;
}

// src/kinds/debootstrap/policy/policy.ts
var day = 86400;
function settleShadow(text, epoch) {
  const changed = String(Math.floor(epoch / day));
  return text.replace(/^([^:\n]*):([^:\n]*):([^:\n]*):/gm, (_, name, password, last) => {
    const settled = /^[1-9]\d*$/.test(last) ? changed : last;
    return `${name}:${password || "*"}:${settled}:`;
  });
}
var remove = (reason, ...paths) => ({ remove: true, paths, reason });
var empty = (reason, ...paths) => ({ empty: true, paths, reason });
var policyFor = (distribution) => [
  remove(
    "each of these belongs to whoever runs the image, and is mounted then",
    ...["dev/**", "proc/**", "sys/**"]
  ),
  remove("nothing of the build is left", "tmp/**", "var/tmp/**"),
  remove(
    "made again whenever a system starts or a program needs it (file-hierarchy(7))",
    ...["run/adduser", "run/initctl", "run/log", "run/motd.dynamic", "run/mount", "run/shm"],
    ...["run/sendsigs.omit.d", "run/systemd", "run/user", "run/utmp"]
  ),
  remove(
    "debootstrap copies these from where it runs; an image's runtime brings its own",
    ...["etc/hostname", "etc/resolv.conf"]
  ),
  empty(
    "each machine makes its own; an empty file says so to systemd (machine-id(5))",
    "etc/machine-id"
  ),
  remove("each machine makes its own", "var/lib/dbus/machine-id", "var/lib/systemd/random-seed"),
  remove(
    "secrets made during a build would be the same in every container",
    ...["etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_*_key.pub"],
    ...["etc/ssl/private/ssl-cert-snakeoil.key", "etc/ssl/certs/ssl-cert-snakeoil.pem"]
  ),
  remove("tells of the build, with its times", "var/log/**/*.log", "var/log/apt/**"),
  empty(
    "tells of accounts made during the build, as large as the highest number among them",
    ...["var/log/faillog", "var/log/lastlog", "var/log/wtmp"]
  ),
  {
    empty: true,
    mode: 432,
    paths: ["var/log/btmp"],
    reason: "as base-files makes it; the systemd of xenial narrows its mode, where an engine lets it"
  },
  remove(
    "apt fetches what it needs, and makes the folders again (since 0.8)",
    ...["var/cache/apt/**", "var/lib/apt/lists/**"]
  ),
  remove(
    "a cache that names the inodes and times of the machine it was made on; ldconfig makes it again",
    "var/cache/ldconfig/aux-cache"
  ),
  remove(
    "caches that are made again when they are missed",
    "var/cache/man/**",
    "var/cache/fontconfig/**"
  ),
  remove(
    "a catalogue that differs from build to build; journalctl --update-catalog makes it again",
    "var/lib/systemd/catalog/database"
  ),
  remove(
    "what stands beside it as it was before the last change",
    ...["etc/group-", "etc/gshadow-", "etc/passwd-", "etc/shadow-", "etc/subgid-", "etc/subuid-"],
    ...["var/lib/dpkg/diversions-old", "var/lib/dpkg/statoverride-old", "var/lib/dpkg/status-old"],
    ...["var/cache/debconf/config.dat-old", "var/cache/debconf/templates.dat-old"]
  ),
  empty("lists the build's own mirror; only dselect reads it", "var/lib/dpkg/available"),
  {
    edit: (text, { epoch }) => settleShadow(text, epoch),
    paths: ["etc/shadow"],
    reason: "passwords were last changed on the day of the build, and root has none"
  },
  remove("stands in sources.list.d, in the form that apt prefers", "etc/apt/sources.list"),
  {
    write: sourcesList,
    mode: 420,
    paths: [`etc/apt/sources.list.d/${distribution}.sources`],
    reason: "apt finds the suite's updates, too, at mirrors that do not depend on who built it"
  },
  ...containerFiles.map(
    ({ path, mode, content, reason }) => ({
      write: () => content,
      mode,
      paths: [path],
      reason
    })
  )
];

// src/kinds/debootstrap/policy/apply-policy.ts
var literal = (text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
function pattern(path) {
  return path.split("/").map((part, index, { length }) => {
    if (part !== "**")
      return literal(part).replaceAll("*", "[^/]*") + (index < length - 1 ? "/" : "");
    return index < length - 1 ? "(?:[^/]+/)*" : ".+";
  }).join("");
}
function concerns(rule) {
  const beneath = "remove" in rule ? "(?:/.*)?" : "";
  const matcher = new RegExp(`^(?:${rule.paths.map(pattern).join("|")})${beneath}$`, "s");
  return (path) => matcher.test(path);
}
function without(entries, removed) {
  const heirs = /* @__PURE__ */ new Map();
  const gone = new Map(
    entries.filter(({ path }) => removed(path)).map((entry2) => [entry2.path, entry2])
  );
  const settle = (link) => {
    const first = gone.get(link.target);
    if (first === void 0) return link;
    const heir = heirs.get(link.target);
    if (heir !== void 0) return { ...link, target: heir };
    heirs.set(link.target, link.path);
    return { ...first, path: link.path };
  };
  return entries.filter(({ path }) => !gone.has(path)).map((entry2) => entry2.type === "hardlink" ? settle(entry2) : entry2);
}
var withBytes = (entry2, bytes) => ({
  ...entry2,
  size: bytes.length,
  content: { bytes }
});
async function edited(entries, concerned, edit, epoch) {
  const result = [];
  for (const entry2 of entries) {
    if (entry2.type !== "file" || !concerned(entry2.path)) {
      result.push(entry2);
      continue;
    }
    const text = (await readContent(entry2.content)).toString("latin1");
    const changed = edit(text);
    const same = changed === text;
    result.push(
      same ? entry2 : { ...withBytes(entry2, Buffer.from(changed, "latin1")), mtime: epoch }
    );
  }
  return result;
}
function emptied(entries, concerned, mode, mtime) {
  return entries.map((entry2) => {
    if (entry2.type !== "file" || !concerned(entry2.path)) return entry2;
    return { ...withBytes(entry2, new Uint8Array()), mode: mode ?? entry2.mode, mtime };
  });
}
function written(entries, file2) {
  const there = new Set(entries.map(({ path }) => path));
  const parts = file2.path.split("/").slice(0, -1);
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  const { uid, gid, mtime, xattrs } = file2;
  return [
    ...without(entries, (path) => path === file2.path),
    ...folders.filter((path) => !there.has(path)).map((path) => ({ type: "directory", path, mode: 493, uid, gid, mtime, xattrs })),
    file2
  ];
}
async function applyRule(rule, entries, context) {
  const concerned = concerns(rule);
  const { epoch } = context;
  if ("remove" in rule) return without(entries, concerned);
  if ("empty" in rule) return emptied(entries, concerned, rule.mode, epoch);
  if ("edit" in rule) return edited(entries, concerned, (text) => rule.edit(text, context), epoch);
  const bytes = Buffer.from(rule.write(context, entries));
  const common = {
    uid: 0,
    gid: 0,
    mtime: epoch,
    xattrs: [],
    size: bytes.length,
    content: { bytes }
  };
  return rule.paths.reduce(
    (all, path) => written(all, { ...common, type: "file", path: toByteString(path), mode: rule.mode }),
    entries
  );
}
async function applyPolicy(made, context) {
  let entries = made;
  for (const rule of policyFor(context.source.distro)) {
    entries = await applyRule(rule, entries, context);
  }
  return [...entries];
}

// src/kinds/debootstrap/make.ts
var mirrorInput = ({ source: { suite }, locked, platform }) => ({
  ...{ suite, platform },
  debs: locked.debs,
  debootstrap: locked.settings
});
function parametersOf(source, { platform, debootstrap }) {
  const { base, wanted } = debootstrap;
  return [
    distributions[source.distro].script,
    source.suite,
    `--arch=${platform.debian}`,
    // Dependencies of a newer version of a base package are part of the base, too.
    `--include=${base.join(",")}`,
    ...variantOption(source.variant),
    "--",
    ...wanted
  ];
}
async function buildDebootstrap(pinned, { engine, store, builder, folder }, io) {
  const { source, epoch } = pinned;
  const input2 = mirrorInput(pinned);
  const workFolder = join(folder, "controls");
  await mkdir(workFolder);
  const mirror = await mirrorEntries(input2, { store, workFolder }, io);
  const step = {
    toolchain: builder.reference,
    argv: ["/bin/sh", "-euc", makeScript, "mkbase", ...parametersOf(source, input2)],
    env: { ...debootstrapEnvironment, SOURCE_DATE_EPOCH: String(epoch) },
    limits: buildLimits,
    capabilities: rootfsCapabilities,
    ids: "range",
    input: writeTar(mirror, { reuseMemory: true })
  };
  const file2 = join(folder, "debootstrap.tar");
  const take = (stdout) => spoolTar(stdout, file2, { source: "debootstrap's result" });
  const made = settleTimes(await engine.runStep(step, take, io), epoch);
  await checkInstalled(made, input2.debs);
  const { mirror: own } = input2.debootstrap;
  return applyPolicy(made, { source, platform: input2.platform, mirror: own, epoch });
}
var rootPrefix = "root/";
var inRoot = (path) => path.slice(rootPrefix.length);
function timeOf(entries, mark) {
  const found = entries.find(({ path }) => path === mark);
  if (found !== void 0) return found.mtime;
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `The builder left no file ${mark}, which says when it worked.`,
    hint: "Run `mkbase gc --all`, which removes builders, and build again."
  });
}
function settleTimes(sent, epoch) {
  const [begin, end] = [timeOf(sent, "begin"), timeOf(sent, "end")];
  return sent.filter(({ path }) => path.startsWith(rootPrefix)).map((entry2) => {
    const made = entry2.mtime >= begin && entry2.mtime <= end;
    const settled = { ...entry2, path: inRoot(entry2.path), ...made && { mtime: epoch } };
    return settled.type === "hardlink" ? { ...settled, target: inRoot(settled.target) } : settled;
  });
}
var statusFile = "var/lib/dpkg/status";
async function recorded(entries) {
  const entry2 = entries.find(({ path }) => path === statusFile);
  const text = entry2?.type === "file" ? (await readContent(entry2.content)).toString("utf8") : "";
  const installed = /* @__PURE__ */ new Set();
  const unfinished = [];
  for (const fields of parseParagraphs(text)) {
    const package_ = `${fields.get("package")} ${fields.get("version")}`;
    if (fields.get("status") === "install ok installed") installed.add(package_);
    else unfinished.push(`${package_} (${fields.get("status")})`);
  }
  return { installed, unfinished };
}
async function checkInstalled(entries, { packages }) {
  const { installed, unfinished } = await recorded(entries);
  const locked = new Set(packages.map(({ name, version }) => `${name} ${version}`));
  const problems = [
    ...unfinished.map((each) => `not configured: ${each}`),
    ...[...locked].filter((each) => !installed.has(each)).map((each) => `missing: ${each}`),
    ...[...installed].filter((each) => !locked.has(each)).map((each) => `not locked: ${each}`)
  ];
  if (problems.length === 0) return;
  const shown = problems.slice(0, 20).map((each) => `  ${each}`);
  throw new MkbaseError({
    code: "BUILD_OUTPUT",
    message: `The root filesystem does not hold exactly the locked packages:
${shown.join("\n")}`,
    hint: "Run with --progress plain to see what debootstrap and apt say; --no-cache resolves anew."
  });
}

// src/kinds/debootstrap/work.ts
var contextOf = ({ source: { distro, keyrings, mirror }, folder, platform }, sources) => {
  const files = keyrings.map((path) => join2(folder, path));
  return debianContext({ distribution: distro, keyrings: files, mirror }, platform, sources);
};
var work = {
  resolve: async (wanted, context, io) => resolveDebootstrap(wanted, await contextOf(wanted, context.sources), context, io),
  downloads: async (wanted, { debs }, sources) => debDownloads(debs, await contextOf(wanted, sources)),
  isProven: async (wanted, { debs }, sources, io) => followChain(debs, wanted.platform, await contextOf(wanted, sources), io),
  indexFiles: async (wanted, { debs }, sources, io) => indexBlobs(debs, wanted.platform, await contextOf(wanted, sources), io),
  update: (before, after, sources) => ({
    ...after,
    debs: updateDebs(before.debs, after.debs, sources)
  }),
  build: async (pinned, context, io) => ({
    entries: await buildDebootstrap(pinned, withBuilder(context), io)
  }),
  special: () => "listed",
  parts: (_, { debs }, context, io) => unpackedParts(debs, [], context, io)
};
export {
  work
};
//# sourceMappingURL=work-2WAK7FA4.js.map
