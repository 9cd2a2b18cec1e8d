// A root filesystem of packages of rpm, against dnf by hand, and the list of a large repository.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bulkPackages, keyName, ownRepository } from './rpm-repository.mjs';
import {
  forgetNodes,
  mkbase,
  peak,
  remove,
  root,
  shell,
  timed,
  work,
  writeFiles,
} from './workbench.mjs';

const byHand = `tree=$1; top=$2; shift 2
  mkdir "$tree"
  export RPM_FORCE_DEBIAN=1
  rpm --root "$tree" --dbpath /usr/lib/sysimage/rpm --import "$top/${keyName}"
  dnf --quiet --assumeyes --installroot="$tree" --releasever=1 --setopt=reposdir=/nowhere \\
    --setopt=cachedir=/cache --setopt=varsdir=/nowhere --setopt=plugins=False \\
    --setopt=install_weak_deps=False --setopt=module_platform_id=platform:td1 \\
    --repofrompath="bench,file://$top/repository" --setopt=bench.gpgcheck=1 \\
    --setopt=bench.repo_gpgcheck=1 --setopt=bench.gpgkey="file://$top/${keyName}" \\
    install "$@" >"$top/dnf.log" 2>&1
  tar -C "$tree" -c . | docker import - byhand/rpm >/dev/null`;

const fromSigned = {
  title:
    'A root filesystem of rpm from signed lists, packages and builder warm, against dnf --installroot by hand with docker import',
  ...{ pairs: 5, promise: 1 },
  prepare() {
    const { top, names } = ownRepository(bulkPackages);
    const recipe = `name: rpm-bench
from:
  rpm:
    repositories: [{ name: bench, url: "file://${top}/repository", keys: [key.asc] }]
    packages: [${names.join(', ')}]
image: { cmd: [/bin/bash] }
`;
    const folder = writeFiles('rpm-bench', { 'recipe.yaml': recipe });
    copyFileSync(join(top, keyName), join(folder, 'key.asc'));
    const argv = [...mkbase('rpm-cache', folder), '--out', join(folder, 'out')];
    timed(argv);
    return {
      sides: [
        {
          name: 'mkbase ./rpm-bench',
          before() {
            forgetNodes('rpm-cache');
            remove('rpm-bench/recipe.lock.json', 'rpm-bench/out');
          },
          run: () => timed(argv),
        },
        {
          name: 'dnf --installroot, docker import',
          before: () => remove('rpm-tree'),
          run: () => timed(shell(byHand, join(work, 'rpm-tree'), top, ...names)),
        },
      ],
    };
  },
};

const packages = 40_000;

/** A package as a list has it, with as much of what is not read as those of Fedora have. */
function listed(at) {
  const name = `package-${at}`;
  const version = `epoch="0" ver="1.${at}" rel="1.td1"`;
  const provides = Array.from(
    { length: 7 },
    (_, index) => `<rpm:entry name="lib${name}-${index}.so()(64bit)" flags="EQ" ${version}/>`,
  ).join('\n');
  return `<package type="rpm"><name>${name}</name><arch>x86_64</arch><version ${version}/>
<checksum type="sha256" pkgid="YES">${String(at).padStart(64, '0')}</checksum>
<summary>The package ${at}</summary>
<description>${'What it is good for, in words of its maker. '.repeat(8)}</description>
<packager>Testdist</packager><url>https://testdist.example/${name}</url>
<time file="1700000000" build="1700000000"/>
<size package="${10_000 + at}" installed="${20_000 + at}" archive="${20_500 + at}"/>
<location href="Packages/p/${name}-1.${at}-1.td1.x86_64.rpm"/>
<format><rpm:license>MIT</rpm:license><rpm:vendor>Testdist</rpm:vendor>
<rpm:sourcerpm>${name}-1.${at}-1.td1.src.rpm</rpm:sourcerpm><rpm:header-range start="4504" end="9000"/>
<rpm:provides>${provides}</rpm:provides><rpm:requires>${provides}</rpm:requires>
<file>/usr/bin/${name}</file></format></package>`;
}

const program = `import { createReadStream } from 'node:fs';
import { readPrimary } from './src/packages/rpm/repository/primary.ts';
import { decompress } from './src/tar/decompress.ts';
let count = 0;
const take = () => { count += 1; };
const limits = { maxBytes: 2 ** 31, what: 'the list' };
await readPrimary(decompress(createReadStream(process.argv[2]), 'gz', limits), take, 'the list');
if (count !== ${packages}) throw new Error('it has ' + count + ' packages');`;

/** Makes the list, and a program that reads it with mkbase's own code; resolves to the command line. */
async function reading() {
  const folder = writeFiles('primary', { '.keep': '' });
  const list = join(folder, 'primary.xml.gz');
  const texts = Array.from({ length: packages }, (_, at) => listed(at));
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
${texts.join('\n')}
</metadata>
`;
  writeFileSync(list, gzipSync(text));
  const outfile = join(folder, 'read.mjs');
  const bundling = { bundle: true, format: 'esm', platform: 'node', target: 'node20', outfile };
  await build({ ...bundling, stdin: { contents: program, resolveDir: root, loader: 'ts' } });
  return [process.execPath, outfile, list];
}

const ofPrimary = (title, more, measure) => ({
  ...{ title, pairs: 5, ...more },
  async prepare() {
    const argv = await reading();
    return { sides: [{ name: 'mkbase', run: () => measure(argv) }] };
  },
});

const what = `the list of a repository of ${packages} packages read, the process and all`;

export const forms = {
  'warm-rpm': fromSigned,
  'primary-40000': ofPrimary(`Time: ${what}`, { most: 2 }, timed),
  'memory-primary-40000': ofPrimary(`Peak memory: ${what}`, { unit: 'MB', most: 150 }, peak),
};
