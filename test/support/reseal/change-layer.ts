import { createHash } from 'node:crypto';
import type { Entry } from '../../../src/tar/entry.ts';
import { entriesOf, tarOf } from '../tar.ts';
import type { Change, ChangeKind } from './changes.ts';
import { archiveName, bytesOf, type Output, partsOf, replaced, withBytes } from './output.ts';
import { pick, type Random } from './random.ts';
import { type Renamed, renamedIn } from './reseal.ts';

const where = `${archiveName}: layer`;

async function layerOf({ archive }: Output): Promise<Entry[]> {
  const { layer } = partsOf(archive);
  return entriesOf(bytesOf(archive.find(({ path }) => path === layer)));
}

async function withLayer({ files, archive }: Output, entries: Iterable<Entry>): Promise<Output> {
  const { layer } = partsOf(archive);
  return { files, archive: replaced(archive, layer, await tarOf(entries)) };
}

type Edit = (entry: Entry) => readonly Entry[];

const beside = (entry: Entry): Entry => ({
  ...{ path: `${entry.path}~`, mode: 0o644, uid: 0, gid: 0, mtime: entry.mtime, xattrs: [] },
  ...{ type: 'file', size: 4, content: { bytes: Buffer.from('new\n') } },
});

const edits: Readonly<Record<string, Edit>> = {
  mode: (entry) => [{ ...entry, mode: entry.mode ^ 0o22 }],
  setuid: (entry) => [{ ...entry, mode: entry.mode ^ 0o4000 }],
  uid: (entry) => [{ ...entry, uid: entry.uid + 1 }],
  gid: (entry) => [{ ...entry, gid: entry.gid + 1 }],
  time: (entry) => [{ ...entry, mtime: entry.mtime - 1 }],
  xattr: (entry) => [{ ...entry, xattrs: [...entry.xattrs, ['user.new', 'x']] }],
  name: (entry) => [{ ...entry, path: `${entry.path}x` }],
  'path added': (entry) => [entry, beside(entry)],
  'path removed': () => [],
  'path doubled': (entry) => [entry, entry],
};

/** Changes an entry of the layer: its attributes, its name, or that it is there once. */
export const changeEntry: ChangeKind = async (output, random): Promise<Change | undefined> => {
  const entries = await layerOf(output);
  const how = pick(Object.keys(edits), random);
  const chosen = random(entries.length);
  const changed = entries.flatMap((entry, at) => (at === chosen ? edits[how]!(entry) : [entry]));
  const field = entries[chosen]?.path ?? '';
  return { output: await withLayer(output, changed), files: [archiveName], where, field, how };
};

/** Returns the bytes with another one at a place. */
function otherBytes(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const at = random(bytes.length);
  changed[at] = (bytes[at]! + 1 + random(255)) % 256;
  return changed;
}

/** Pairs the hashes that evidence gives of a file's bytes with those of other bytes. */
const hashes = (before: Buffer, after: Buffer): Renamed[] =>
  ['sha1', 'sha256', 'md5'].map((algorithm): Renamed => {
    const hash = (bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex');
    return [hash(before), hash(after)];
  });

const listed = ['rootfs.mtree', 'sbom.spdx.json', 'sbom.cdx.json', 'provenance.json'];

/**
 * Changes a byte of a file in the layer; in one case of two the hashes of that file are written anew as
 * well, in the evidence and in the package database of the image.
 */
export const changeContent: ChangeKind = async (output, random): Promise<Change | undefined> => {
  const entries = await layerOf(output);
  const full = entries.filter((entry) => entry.type === 'file' && entry.size > 0);
  if (full.length === 0) return undefined;
  const entry = pick(full, random);
  const before = bytesOf(entry);
  const after = otherBytes(before, random);
  const inFile = entries.map((each) => (each === entry ? withBytes(each, after) : each));
  const about = { files: [archiveName], field: entry.path };
  if (random(2) === 0) {
    const how = 'byte of a file';
    return { output: await withLayer(output, inFile), ...about, where, how };
  }
  const renamed = hashes(before, after);
  const inside = inFile.map((each) => {
    if (each === entry || each.type !== 'file' || each.size > 4_000_000) return each;
    const text = bytesOf(each).toString('latin1');
    const written = renamedIn(text, renamed);
    return written === text ? each : withBytes(each, Buffer.from(written, 'latin1'));
  });
  const { files, archive } = await withLayer(output, inside);
  const sealed = new Map(files);
  for (const name of listed) {
    const text = renamedIn(files.get(name)?.toString('latin1') ?? '', renamed);
    if (files.has(name)) sealed.set(name, Buffer.from(text, 'latin1'));
  }
  return {
    output: { files: sealed, archive },
    ...{ files: [archiveName, ...listed], field: entry.path },
    ...{ where: 'layer and its hashes', how: 'byte of a file' },
  };
};
