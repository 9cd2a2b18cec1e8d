import { createHash, createSign } from 'node:crypto';
import { signDetached, type TestKey } from '../openpgp-key.ts';

/** The value of a tag: a text, texts, numbers of 32 or 16 bits, or bytes. */
export type TagValue =
  | string
  | readonly string[]
  | { readonly int32: readonly number[] }
  | { readonly int16: readonly number[] }
  | Buffer;

interface Encoded {
  readonly type: number;
  readonly count: number;
  readonly align: number;
  readonly bytes: Buffer;
}

function numbers(values: readonly number[], size: 2 | 4): Buffer {
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, at) => {
    bytes.writeUIntBE(value, at * size, size);
  });
  return bytes;
}

function encode(value: TagValue): Encoded {
  if (typeof value === 'string') {
    return { type: 6, count: 1, align: 1, bytes: Buffer.from(`${value}\0`, 'latin1') };
  }
  if (Buffer.isBuffer(value)) return { type: 7, count: value.length, align: 1, bytes: value };
  if ('int32' in value) {
    return { type: 4, count: value.int32.length, align: 4, bytes: numbers(value.int32, 4) };
  }
  if ('int16' in value) {
    return { type: 3, count: value.int16.length, align: 2, bytes: numbers(value.int16, 2) };
  }
  const bytes = Buffer.from(value.map((text) => `${text}\0`).join(''), 'latin1');
  return { type: 8, count: value.length, align: 1, bytes };
}

const entry = (tag: number, type: number, offset: number, count: number): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(tag, 0);
  bytes.writeUInt32BE(type, 4);
  bytes.writeInt32BE(offset, 8);
  bytes.writeUInt32BE(count, 12);
  return bytes;
};

export type Tags = Readonly<Record<number, TagValue>>;

/** A header as rpm writes it: a region around all its entries. */
export function headerOf(tags: Tags, region = 63): Buffer {
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, value] of Object.entries(tags)) {
    const { type, count, align, bytes } = encode(value);
    data = Buffer.concat([data, Buffer.alloc((align - (data.length % align)) % align)]);
    index.push(entry(Number(tag), type, data.length, count));
    data = Buffer.concat([data, bytes]);
  }
  const trailer = entry(region, 7, -16 * (index.length + 1), 16);
  index.unshift(entry(region, 7, data.length, 16));
  data = Buffer.concat([data, trailer]);
  const intro = Buffer.alloc(16);
  Buffer.from('8eade801', 'hex').copy(intro);
  intro.writeUInt32BE(index.length, 8);
  intro.writeUInt32BE(data.length, 12);
  return Buffer.concat([intro, ...index, data]);
}

/** A file of a package that a test makes. */
export interface TestFile {
  readonly path: string;
  readonly content?: string;
  readonly mode?: number;
  readonly target?: string;
  readonly flags?: number;
  readonly inode?: number;
  readonly user?: string;
  readonly caps?: string;
  /** Left out of the payload. */
  readonly missing?: boolean;
  /** The name of its member, and its content there, where they are other than the header says. */
  readonly member?: { readonly name?: string; readonly content?: string };
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** One member of a cpio archive in the new ASCII form. */
export function cpioMember(name: string, content: string, mode = 0o100644): Buffer {
  const fields = [1, mode, 0, 0, 1, 0, Buffer.byteLength(content), 0, 0, 0, 0, name.length + 1, 0];
  const hex = fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  const head = Buffer.from(`070701${hex}${name}\0`, 'latin1');
  const pad = (length: number) => Buffer.alloc((4 - (length % 4)) % 4);
  const body = Buffer.from(content);
  return Buffer.concat([head, pad(head.length), body, pad(body.length)]);
}

export const cpioEnd = cpioMember('TRAILER!!!', '', 0);

/** The tags of a list of files. */
export function fileTags(files: readonly TestFile[]): Tags {
  const split = files.map(({ path }) => path.lastIndexOf('/') + 1);
  const folders = [...new Set(files.map(({ path }, at) => path.slice(0, split[at])))];
  const contentOf = ({ content = '', target }: TestFile) => target ?? content;
  const isLink = ({ target }: TestFile) => target !== undefined;
  const modeOf = (file: TestFile) => file.mode ?? (isLink(file) ? 0o120777 : 0o100644);
  const isFile = (file: TestFile) => (modeOf(file) & 0o170000) === 0o100000;
  return {
    1028: { int32: files.map((file) => Buffer.byteLength(contentOf(file))) },
    1030: { int16: files.map(modeOf) },
    1034: { int32: files.map(() => 1_700_000_000) },
    1035: files.map((file) => (isFile(file) ? sha256(contentOf(file)) : '')),
    1036: files.map(({ target = '' }) => target),
    1037: { int32: files.map(({ flags = 0 }) => flags) },
    1039: files.map(({ user = 'root' }) => user),
    1040: files.map(() => 'root'),
    1095: { int32: files.map(() => 1) },
    1096: { int32: files.map(({ inode }, at) => inode ?? at + 1) },
    1116: { int32: files.map(({ path }, at) => folders.indexOf(path.slice(0, split[at]))) },
    1117: files.map(({ path }, at) => path.slice(split[at])),
    1118: folders,
    5010: files.map(({ caps = '' }) => caps),
    5011: { int32: [8] },
  };
}

/** The payload of a list of files. */
export function payloadOf(files: readonly TestFile[]): Buffer {
  const members = files.flatMap((file) => {
    if (file.missing || (file.flags ?? 0) & 64) return [];
    const name = file.member?.name ?? `.${file.path}`;
    return [cpioMember(name, file.member?.content ?? file.target ?? file.content ?? '')];
  });
  return Buffer.concat([...members, cpioEnd]);
}

/** The signature of version 3 over bytes by an RSA key, as rpm's tools make it. */
export function signV3(
  bytes: Uint8Array,
  key: { readonly privateKey: TestKey['privateKey']; readonly node: string },
  { hash = 8, created = 1_750_000_000, type = 0, algorithm = 1 } = {},
): Buffer {
  const trailer = Buffer.alloc(5);
  trailer[0] = type;
  trailer.writeUInt32BE(created, 1);
  const names: Readonly<Record<number, string>> = {
    1: 'md5',
    2: 'sha1',
    8: 'sha256',
    10: 'sha512',
  };
  const value = createSign(names[hash]!).update(bytes).update(trailer).sign(key.node);
  const start = value.findIndex((byte) => byte !== 0);
  const number = value.subarray(start);
  const bits = number.length * 8 - Math.clz32(number[0]!) + 24;
  const id = Buffer.from(key.privateKey.getKeyID().toHex(), 'hex');
  const body = Buffer.concat([
    Buffer.from([3, 5]),
    trailer,
    id,
    Buffer.from([algorithm, hash, 0, 0, bits >> 8, bits & 0xff]),
    number,
  ]);
  const head = Buffer.from([0x89, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, body]);
}

/** A package that a test makes, and what is wrong with it. */
export interface TestRpm {
  readonly files?: readonly TestFile[];
  readonly tags?: Tags;
  /** Takes the place of the payload. */
  readonly payload?: Buffer;
  /** Signs the header; without one there is no signature. */
  readonly key?: TestKey;
  /** Returns the tags of the signatures, where they are others. */
  readonly signatures?: (header: Buffer, payload: Buffer) => Tags | Promise<Tags>;
  /** Leaves out the digest of the payload, as packages of CentOS 7 have none. */
  readonly old?: boolean;
}

const lead = (() => {
  const bytes = Buffer.alloc(96);
  Buffer.from('edabeedb0300', 'hex').copy(bytes);
  bytes.writeUInt16BE(5, 78);
  return bytes;
})();

const sorted = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).sort(([a], [b]) => Number(a) - Number(b)));

/** Puts the parts of a package together. */
export function joinRpm(signatures: Buffer, header: Buffer, payload: Buffer): Buffer {
  const pad = Buffer.alloc((8 - (signatures.length % 8)) % 8);
  return Buffer.concat([lead, signatures, pad, header, payload]);
}

/** The bytes of a package. */
export async function rpmFile({
  files = [],
  tags = {},
  key,
  ...rest
}: TestRpm = {}): Promise<Buffer> {
  const payload = rest.payload ?? payloadOf(files);
  const digests: Tags = rest.old ? {} : { 5092: [sha256(payload)], 5093: { int32: [8] } };
  const header = headerOf(
    sorted({
      1000: 'sample',
      1001: '1.2',
      1002: '3.td1',
      1014: 'MIT',
      1022: 'noarch',
      1044: 'sample-1.2-3.td1.src.rpm',
      1124: 'cpio',
      ...(files.length > 0 ? fileTags(files) : {}),
      ...digests,
      ...tags,
    }),
  );
  const own = async (): Promise<Tags> => {
    if (rest.signatures) return rest.signatures(header, payload);
    if (key === undefined) return {};
    const armored = await signDetached(header, key, { created: new Date('2025-06-01T00:00:00Z') });
    const base64 = /\n\n([\s\S]*?)\n=/.exec(armored)![1]!;
    return { 278: [base64.replaceAll('\n', '')] };
  };
  const signatures = { 273: sha256(header), ...(await own()) };
  return joinRpm(headerOf(sorted(signatures), 62), header, payload);
}
