import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Entry } from '../../src/tar/entry.ts';
import { signDetached, type TestKey } from './openpgp-key.ts';
import { directory, file, tarOf } from './tar.ts';

/** A release of a small distribution that looks like Alpine, and what is wrong with it. */
export interface TestRelease {
  readonly version?: string;
  readonly arch?: string;
  /** Day of the release. */
  readonly date?: string;
  /** What is in the archive besides what says which release it is. */
  readonly entries?: readonly Entry[];
  /** Takes the place of the archive that is served; the index still describes the honest one. */
  readonly served?: Uint8Array;
  /** Takes the place of the archive that is described, signed and served. */
  readonly archive?: Uint8Array;
  /** Signs the archive; without one there is no signature. */
  readonly key?: TestKey;
  /** Fields of the index that are other than they should be. */
  readonly stated?: Readonly<Record<string, string>>;
}

/** The archive of a release that says of itself what it is. */
export async function rootfsArchive({
  version = '3.20.3',
  arch = 'x86_64',
  entries = [],
}: TestRelease = {}): Promise<Buffer> {
  const identity = [
    directory('etc'),
    file('etc/alpine-release', `${version}\n`),
    directory('etc/apk'),
    file('etc/apk/arch', `${arch}\n`),
  ];
  return gzipSync(await tarOf([...identity, ...entries]));
}

const digest = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');

/** The files of a mirror with one release in its branch's folder, by path with a leading slash. */
export async function alpineMirror(release: TestRelease = {}): Promise<Map<string, Uint8Array>> {
  const { version = '3.20.3', arch = 'x86_64', date = '2024-09-06', key, stated = {} } = release;
  const archive = release.archive ?? (await rootfsArchive(release));
  const branch = `v${version.split('.').slice(0, 2).join('.')}`;
  const name = `alpine-minirootfs-${version}-${arch}.tar.gz`;
  const fields = {
    title: '"Mini root filesystem"',
    desc: '|\n    Minimal root filesystem.\n    For use in containers.',
    branch,
    arch,
    version,
    flavor: 'alpine-minirootfs',
    file: name,
    iso: name,
    date,
    time: '11:20:34',
    size: String(archive.length),
    sha256: digest('sha256', archive),
    sha512: digest('sha512', archive),
    ...stated,
  };
  const lines = Object.entries(fields).map(([field, value]) => `  ${field}: ${value}\n`);
  const other = '-\n  title: "Standard"\n  flavor: alpine-standard\n  version: 3.20.3\n';
  const folder = `/${branch}/releases/${arch}`;
  const files = new Map<string, Uint8Array>([
    [`${folder}/latest-releases.yaml`, Buffer.from(`---\n${other}-\n${lines.join('')}`)],
    [`${folder}/${name}`, release.served ?? archive],
  ]);
  if (key) files.set(`${folder}/${name}.asc`, Buffer.from(await signDetached(archive, key)));
  return files;
}
