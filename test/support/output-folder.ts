import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/base/canonical-json.ts';
import { packageVersion } from '../../src/base/package-root.ts';
import { evidenceNames } from '../../src/evidence/file-names.ts';
import { type Inventory, takeInventory } from '../../src/evidence/inventory/inventory.ts';
import { mtreeOf } from '../../src/evidence/mtree/mtree.ts';
import { readPaths } from '../../src/evidence/mtree/read-paths.ts';
import { trustChain } from '../../src/evidence/provenance/trust-chain.ts';
import { cyclonedxDocument } from '../../src/evidence/sbom/cyclonedx.ts';
import type { Subject } from '../../src/evidence/sbom/document.ts';
import { spdxDocument } from '../../src/evidence/sbom/spdx.ts';
import { stageEvidence } from '../../src/evidence/stage-evidence.ts';
import { annotationsOf } from '../../src/image/annotations.ts';
import { composeImage } from '../../src/image/compose-image.ts';
import type { Image } from '../../src/image/image.ts';
import { kinds } from '../../src/kinds/kinds.ts';
import { inputsDigest } from '../../src/lock/inputs.ts';
import { lockText } from '../../src/lock/lock-file.ts';
import { rememberedProof } from '../../src/lock/prove.ts';
import { askedBy } from '../../src/lock/request.ts';
import type { Lock } from '../../src/lock/schema.ts';
import type { OutputRequest } from '../../src/outputs/contract.ts';
import { placeImage } from '../../src/outputs/place.ts';
import type { LockedPackage } from '../../src/packages/deb/locked-debs.ts';
import type { Allowance } from '../../src/pipeline/request.ts';
import { singleOverlays } from '../../src/recipe/folder-overlays.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { recipeSchema } from '../../src/recipe/schema/schema.ts';
import { canonicalOrder } from '../../src/rootfs/canonical.ts';
import { mergeLayers } from '../../src/rootfs/tree.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { buildDeb, type TestFile } from './deb.ts';
import { epoch, makeRootfs, quietIo } from './image.ts';
import { lockedDeb, lockOf } from './lock.ts';
import { clearSign, newKey, type TestKey } from './openpgp-key.ts';
import { directory, file, hardlink, symlink } from './tar.ts';

const hash = (bytes: Uint8Array | string, algorithm = 'sha256') =>
  createHash(algorithm).update(bytes).digest('hex');

/** What a build of a small recipe is told; everything has a default. */
export interface BuildSample {
  readonly entries?: readonly Entry[];
  /** Name → version. */
  readonly packages?: Readonly<Record<string, string>>;
  readonly image?: object;
  readonly outputs?: readonly OutputRequest[];
  readonly archive?: ArchiveChanges;
  /** Name of a package that the lock pins by other bytes than the index lists. */
  readonly trojan?: string;
  /** The archive's key as it stands beside the recipe by now, in place of the sample's. */
  readonly publicKey?: string;
  /** Values of `--allow`. */
  readonly allow?: readonly Allowance[];
  /** False for a rootfs in which no package is recorded. */
  readonly withRecords?: boolean;
}

const capability = '\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
const at = { mtime: epoch };

export const sampleEntries: readonly Entry[] = [
  directory('etc', at),
  file('etc/passwd', 'root:x:0:0::/root:/bin/sh\n', at),
  directory('usr', at),
  directory('usr/bin', at),
  file('usr/bin/ping', 'ping program', {
    ...at,
    mode: 0o755,
    xattrs: [['security.capability', capability]],
  }),
  hardlink('usr/bin/ping4', 'usr/bin/ping', {
    ...at,
    mode: 0o755,
    xattrs: [['security.capability', capability]],
  }),
  symlink('bin', 'usr/bin', at),
  directory('tmp', { ...at, mode: 0o1777 }),
  file('usr/share/doc/base-files/copyright', 'Public domain.\n', { ...at, uid: 5, gid: 7 }),
];

const defaultPackages = { 'base-files': '13.8+deb13u1', iputils: '3:20240905-3' };

let made: Promise<TestKey> | undefined;

/** The key of the sample's archive, which stands beside the recipe; made once. */
export const sampleKey = (): Promise<TestKey> => {
  made ??= newKey({ created: new Date((epoch - 86_400) * 1000) });
  return made;
};

const keyPath = 'keys/archive.asc';

/** An archive of the packages: its index, and the signed text that names it. */
async function sampleArchive(packages: readonly LockedPackage[], changes: ArchiveChanges) {
  const stanzas = packages.map(
    ({ name, version, architecture, filename, size, sha256 }) =>
      `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nFilename: ${filename}\nSize: ${size}\nSHA256: ${sha256}\n`,
  );
  const index = stanzas.join('\n');
  const { codename = 'trixie', signer = await sampleKey() } = changes;
  const date = new Date(epoch * 1000);
  const text = [
    `Codename: ${codename}`,
    `Date: ${date.toUTCString().replace('GMT', 'UTC')}`,
    'SHA256:',
    ` ${hash(index)} ${index.length} main/binary-amd64/Packages`,
    '',
  ].join('\n');
  return { index, inRelease: changes.text ?? (await clearSign(text, signer, { created: date })) };
}

/** Changes of the signed index that evidence, which is consistent otherwise, leads to. */
export interface ArchiveChanges {
  readonly codename?: string;
  readonly signer?: TestKey;
  /** Takes the place of the signed text. */
  readonly text?: string;
}

function sampleLock(
  recipe: Recipe,
  debs: readonly LockedPackage[],
  { inRelease, signedBy }: { readonly inRelease: string; readonly signedBy: string },
): Lock {
  const asked = askedBy({ recipe, toolchain: undefined, platform: 'linux/amd64' });
  const plain = JSON.parse(JSON.stringify(asked)) as object;
  const index = {
    suite: 'trixie',
    components: ['main'],
    mirror: 'http://mirror.example/debian',
    date: epoch,
    inRelease: hash(inRelease),
    signedBy: [signedBy],
  };
  return lockOf(
    'debs',
    { indexes: [index], packages: debs },
    { recipe: recipe.name, epoch, request: digestOf(plain), asked: plain },
  );
}

/** A package of the sample, and the records of it in the rootfs. */
interface SampleDeb {
  readonly name: string;
  readonly version: string;
  readonly bytes: Buffer;
  readonly files: Readonly<Record<string, TestFile>>;
  readonly records: readonly Entry[];
}

/** What a .deb has at the path of an entry; nothing for a folder. */
async function debFile(entry: Entry): Promise<TestFile | undefined> {
  if (entry.type === 'file') return { text: await readContent(entry.content) };
  if (entry.type === 'hardlink') return { hardlink: entry.target };
  return entry.type === 'symlink' ? { symlink: entry.target } : undefined;
}

/** Shares the files of a rootfs out among packages, and builds these. */
async function debsOf(
  entries: readonly Entry[],
  packages: Readonly<Record<string, string>>,
): Promise<SampleDeb[]> {
  const names = Object.keys(packages);
  const owners = new Map<string, string>();
  const files = new Map<string, Record<string, TestFile>>(names.map((name) => [name, {}]));
  for (const entry of entries) {
    const file = await debFile(entry);
    if (file === undefined) continue;
    const other = entry.type === 'hardlink' ? owners.get(entry.target) : undefined;
    const owner = other ?? names[owners.size % names.length] ?? '';
    owners.set(entry.path, owner);
    files.get(owner)![entry.path] = file;
  }
  return names.map((name) => {
    const version = packages[name]!;
    const { bytes, control } = buildDeb({ name, version, files: files.get(name) ?? {} });
    const own = files.get(name) ?? {};
    return { name, version, bytes, files: own, records: recordsOf(name, control, own) };
  });
}

/** The same package with a file more. */
function trojaned({ name, version, files }: SampleDeb): SampleDeb {
  const more = { ...files, 'usr/bin/evil': { text: 'evil' } };
  const { bytes, control } = buildDeb({ name, version, files: more });
  return { name, version, bytes, files: more, records: recordsOf(name, control, more) };
}

/** The files of a package's record, as a build writes them. */
function recordsOf(name: string, control: string, files: Readonly<Record<string, TestFile>>) {
  const sums = Object.entries(files).flatMap(([path, file]) =>
    typeof file === 'object' && 'text' in file ? [`${hash(file.text, 'md5')}  ${path}\n`] : [],
  );
  const folder = 'var/lib/dpkg/status.d';
  return [
    file(`${folder}/${name}`, control, at),
    file(`${folder}/${name}.md5sums`, sums.join(''), at),
  ];
}

async function* bytesOf(bytes: Uint8Array | string) {
  yield Buffer.from(bytes);
}

const sampleRecipe = (image: object): Recipe => {
  const { from, files, ...rest } = recipeSchema(kinds).parse({
    name: 'sample',
    from: { debs: { packages: ['base-files'], security: false, keyrings: [keyPath] } },
    image: { cmd: ['/bin/ping'], env: { PATH: '/bin' }, user: 'app', ...image },
    test: [{ run: ['/bin/ping'] }],
  });
  const origin = {
    file: '/r/recipe.yaml',
    folder: '/r',
    builtIn: false,
    sha256: hash('recipe'),
  };
  if (from === undefined) throw new Error('no kind');
  const placed = { ...rest, files: singleOverlays(files), from };
  return { ...placed, origin, fromOrigin: origin, ancestors: [] };
};

/** A folder that a build left, and what its evidence was made from. */
export interface OutputFolder {
  readonly image: Image;
  readonly lock: Lock;
  /** Has the locked packages. */
  readonly store: Store;
  readonly recipe: Recipe;
  readonly inventory: Inventory;
  readonly subject: Subject;
}

/** Writes into `folder` what a build leaves there: image archive and evidence. */
export async function makeOutputFolder(
  folder: string,
  sample: BuildSample = {},
): Promise<OutputFolder> {
  const { entries = sampleEntries, packages = defaultPackages, image: settings = {} } = sample;
  const { outputs = [{ type: 'oci' }], withRecords = true, archive = {}, trojan } = sample;
  mkdirSync(folder, { recursive: true });
  const work = join(folder, '..', `${folder.split('/').at(-1)}-work`);
  mkdirSync(work);
  const io = quietIo();
  const store = await openStore(join(work, 'store'));
  const genuine = await debsOf(entries, packages);
  const debs = genuine.map((deb) => (deb.name === trojan ? trojaned(deb) : deb));
  for (const each of debs) await store.write(bytesOf(each.bytes), hash(each.bytes));
  const pinned = ({ name, version, bytes }: SampleDeb) =>
    lockedDeb(name, { version, sha256: hash(bytes), size: bytes.length });
  const locked = debs.map(pinned);
  const { index, inRelease } = await sampleArchive(genuine.map(pinned), archive);
  for (const text of [index, inRelease]) await store.write(bytesOf(text), hash(text));
  const recipe = sampleRecipe(settings);
  const { publicKey: ownKey, fingerprint } = await sampleKey();
  const { publicKey = ownKey, allow = [] } = sample;
  const lock = sampleLock(recipe, locked, { inRelease, signedBy: fingerprint });
  const bytes = Buffer.from(publicKey);
  const keys = [{ of: 'image', path: keyPath, bytes, sha256: hash(bytes) } as const];
  const records = withRecords ? debs.flatMap((each) => each.records) : [];
  const tree = mergeLayers([[...entries, ...records]], (path, problem) => {
    throw new Error(`${path} ${problem}`);
  });
  const rootfs = await makeRootfs(work, canonicalOrder(tree, epoch));
  const image = composeImage(rootfs, recipe.image, {
    platform: 'linux/amd64',
    created: epoch,
    recipe: recipe.name,
    lockDigest: inputsDigest(lock),
    annotations: annotationsOf({ ...recipe, ...recipe.image }, epoch),
  });
  const context = { outDir: folder, tags: ['mkbase/sample:latest'], store: undefined };
  const placed = await placeImage(image, outputs, context, io);
  await placed.commit();
  const inventory = await takeInventory({ recipe, lock, entries: rootfs.entries, store }, io);
  const paths = await readPaths(createReadStream(rootfs.tar), 'rootfs.tar');
  const subject = {
    name: recipe.name,
    platform: image.platform,
    manifest: image.manifest.digest,
    diffId: rootfs.diffId,
    created: epoch,
    generator: packageVersion,
  };
  const files = new Map([
    [evidenceNames.lock, Buffer.from(lockText(lock))],
    [evidenceNames.mtree, Buffer.from([...mtreeOf(paths)].join(''))],
    [evidenceNames.spdx, spdxDocument(inventory, subject)],
    [evidenceNames.cyclonedx, cyclonedxDocument(inventory, subject)],
  ]);
  const provenance = {
    recipe,
    toolchain: undefined,
    builder: undefined,
    asked: { platform: image.platform, allow, test: true },
    lock,
    trust: trustChain(lock, rememberedProof(lock), keys),
    keys,
    localFiles: [{ path: keyPath, sha256: hash(bytes), beside: recipe.origin }],
    image,
    tests: [{ command: '/bin/ping', passed: true }],
    nodes: [],
  };
  const staged = await stageEvidence({ files }, provenance, folder, store, io);
  await staged.commit();
  return { image, lock, store, recipe, inventory, subject };
}
