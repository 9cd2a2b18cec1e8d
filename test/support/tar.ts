import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { Entry } from '../../src/tar/entry.ts';
import {
  blockSize,
  fields,
  headerChecksum,
  paddingOf,
} from '../../src/tar/format/header-fields.ts';
import { type ReadOptions, readTar } from '../../src/tar/read.ts';
import { writeTar } from '../../src/tar/write.ts';

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The bytes as a stream whose chunks reuse one piece of memory, as a careless source would. */
export async function* streamOf(bytes: Uint8Array, chunkSize = 1000): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(chunkSize);
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const piece = bytes.subarray(at, at + chunkSize);
    memory.fill(0xaa);
    memory.set(piece);
    yield memory.subarray(0, piece.length);
  }
}

export const tarOf = (entries: Iterable<Entry>): Promise<Buffer> => collect(writeTar(entries));

/** Reads an archive with its contents in memory. */
export async function entriesOf(
  archive: Uint8Array,
  options?: ReadOptions,
  chunkSize?: number,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const { entry, content } of readTar(streamOf(archive, chunkSize), options)) {
    if (entry.type !== 'file') entries.push(entry);
    else entries.push({ ...entry, content: { bytes: await collect(content) } });
  }
  return entries;
}

const plain = { mode: 0o644, uid: 0, gid: 0, mtime: 0, xattrs: [] } as const;
type Changes = Partial<Pick<Entry, 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'>>;

export const file = (path: string, text = '', changes: Changes = {}): Entry => {
  const bytes = Buffer.from(text);
  return { ...plain, ...changes, type: 'file', path, size: bytes.length, content: { bytes } };
};
export const directory = (path: string, changes: Changes = {}): Entry => ({
  ...plain,
  mode: 0o755,
  ...changes,
  type: 'directory',
  path,
});
export const symlink = (path: string, target: string, changes: Changes = {}): Entry => ({
  ...plain,
  mode: 0o777,
  ...changes,
  type: 'symlink',
  path,
  target,
});
export const hardlink = (path: string, target: string, changes: Changes = {}): Entry => ({
  ...plain,
  ...changes,
  type: 'hardlink',
  path,
  target,
});
export const device = (
  path: string,
  type: 'character' | 'block',
  major: number,
  minor: number,
  changes: Changes = {},
): Entry => ({ ...plain, ...changes, type, path, major, minor });
export const fifo = (path: string, changes: Changes = {}): Entry => ({
  ...plain,
  ...changes,
  type: 'fifo',
  path,
});

/** Raw header fields as text (latin1), to make what no writer would write. */
export type RawHeader = Partial<Record<keyof typeof fields, string>>;

/** A header block with sound defaults and a right checksum, unless one is given. */
export function rawHeader(values: RawHeader): Buffer {
  const block = Buffer.alloc(blockSize);
  const all: RawHeader = {
    mode: '0000644\0',
    uid: '0000000\0',
    gid: '0000000\0',
    size: '00000000000\0',
    mtime: '00000000000\0',
    type: '0',
    magic: 'ustar\x0000',
    ...values,
  };
  for (const [name, text] of Object.entries(all)) {
    block.write(text, fields[name as keyof typeof fields][0], 'latin1');
  }
  if (values.checksum === undefined) {
    const sum = headerChecksum(block).toString(8).padStart(6, '0');
    block.write(`${sum}\0 `, fields.checksum[0], 'latin1');
  }
  return block;
}

/** A header and its content, padded. */
export function rawMember(values: RawHeader, content: string | Uint8Array = ''): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const size = `${bytes.length.toString(8).padStart(11, '0')}\0`;
  return Buffer.concat([
    rawHeader({ size, ...values }),
    bytes,
    Buffer.alloc(paddingOf(bytes.length)),
  ]);
}

export const paxRecord = (keyword: string, value: string): string => {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return `${length}${rest}`;
};
export const paxMember = (body: string, type = 'x'): Buffer =>
  rawMember({ name: 'PaxHeader', type }, body);

export const endMark = Buffer.alloc(2 * blockSize);
export const archive = (...members: Uint8Array[]): Buffer => Buffer.concat([...members, endMark]);

/** Runs a Python script on bytes; its stdout. Reads JSON on stdin where `input` is an object. */
export function python(script: string, input: Uint8Array | object, args: string[] = []): Buffer {
  return execFileSync('python3', ['-c', script, ...args], {
    input: input instanceof Uint8Array ? input : JSON.stringify(input),
    maxBuffer: 256 * 1024 * 1024,
  });
}

export interface TreeOptions {
  /** Ids up to this. */
  readonly maxId: number;
  readonly xattrs: boolean;
  readonly devices: boolean;
  /** Longest part of a path, in bytes. */
  readonly partLength: number;
  readonly times: { readonly min: number; readonly max: number };
  /** Most bytes in a file. */
  readonly fileSize: number;
}

export const everything: TreeOptions = {
  maxId: 2 ** 32 - 2,
  xattrs: true,
  devices: true,
  partLength: 255,
  times: { min: -(2 ** 40), max: 2 ** 40 },
  fileSize: 3000,
};

/** Any byte but NUL and slash; often text, so that names share prefixes. */
const partByte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...'ab-.é\n =%\\"'.split('')) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  },
);

const part = (length: number) =>
  fc
    .oneof(
      { weight: 4, arbitrary: fc.array(partByte, { minLength: 1, maxLength: 8 }) },
      { weight: 1, arbitrary: fc.array(partByte, { minLength: 60, maxLength: length }) },
    )
    .map((bytes) => bytes.join('').replaceAll('/', 'x').replace(/^\.+$/, 'dots'));

const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));

const xattrs = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('user.a', 'user.b c', 'security.capability', 'trusted.overlay.x'),
      fc.array(anyByte, { maxLength: 40 }).map((bytes) => bytes.join('')),
    ),
    { selector: ([name]) => name, maxLength: 3 },
  )
  .map((all) => all.sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Random trees: parents first, names unique, hard links after their files. `xattrs` and devices as
 * the options say.
 */
export function arbitraryTree(options: TreeOptions = everything): fc.Arbitrary<Entry[]> {
  const id = fc.oneof(fc.nat({ max: Math.min(options.maxId, 70_000) }), fc.nat(options.maxId));
  const meta = fc.record({
    mode: fc.nat({ max: 0o7777 }),
    uid: id,
    gid: id,
    mtime: fc.oneof(fc.integer(options.times), fc.integer({ min: 0, max: 2 ** 31 })),
    xattrs: options.xattrs ? xattrs : fc.constant([]),
  });
  const kinds = ['file', 'file', 'directory', 'symlink', 'hardlink', 'fifo'];
  const seed = fc.record({
    kind: fc.constantFrom(...kinds, ...(options.devices ? ['character', 'block'] : [])),
    name: part(options.partLength),
    place: fc.nat(),
    meta,
    bytes: fc.uint8Array({ maxLength: options.fileSize }),
    target: fc.array(part(options.partLength), { minLength: 1, maxLength: 3 }),
    major: fc.nat({ max: 4095 }),
    minor: fc.nat({ max: 1_048_575 }),
  });
  type Seed = typeof seed extends fc.Arbitrary<infer T> ? T : never;
  const toEntry = (one: Seed, path: string, files: readonly Entry[]): Entry => {
    const { kind, meta: common, bytes, target, major, minor } = one;
    const linked = files[one.place % Math.max(1, files.length)];
    if (kind === 'directory' || kind === 'fifo') return { ...common, type: kind, path };
    if (kind === 'symlink')
      return { ...common, mode: 0o777, type: kind, path, target: target.join('/') };
    if (kind === 'character' || kind === 'block') {
      return { ...common, type: kind, path, major, minor };
    }
    if (kind === 'hardlink' && linked !== undefined) {
      const { mode, uid, gid, mtime, xattrs: attributes } = linked;
      return { type: kind, path, mode, uid, gid, mtime, xattrs: attributes, target: linked.path };
    }
    return {
      ...common,
      type: 'file',
      path,
      size: bytes.length,
      content: { bytes: Buffer.from(bytes) },
    };
  };
  return fc.array(seed, { minLength: 1, maxLength: 12 }).map((seeds) => {
    const taken = new Set<string>();
    const directories = [''];
    const files: Entry[] = [];
    return seeds.flatMap((one) => {
      const parent = directories[one.place % directories.length]!;
      const path = parent === '' ? one.name : `${parent}/${one.name}`;
      if (taken.has(path) || path.length > 3000) return [];
      taken.add(path);
      const entry = toEntry(one, path, files);
      if (entry.type === 'directory') directories.push(path);
      if (entry.type === 'file') files.push(entry);
      return [entry];
    });
  });
}
