import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Entry } from '../../src/tar/entry.ts';
import { archive, file, paxMember, paxRecord, tarOf } from './tar.ts';

/** A key that signs packages and indexes, as `abuild-keygen` makes them. */
export interface ApkKey {
  /** File name of the public half, for instance `test-1.rsa.pub`. */
  readonly name: string;
  /** PEM. */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function newApkKey(name = 'builder@example.org-1.rsa.pub', modulusLength = 2048): ApkKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return {
    name,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey,
  };
}

/** `RSA` is SHA-1, `RSA256` SHA-256. */
export type ApkSignatureForm = 'RSA' | 'RSA256';

/** A tar that another may follow: without the zeros at its end. */
async function segment(entries: readonly Entry[]): Promise<Buffer> {
  const whole = await tarOf(entries);
  return whole.subarray(0, whole.length - 1024);
}

/** What stands before signed bytes: a gzip member with the signature over them. */
export async function signatureMember(
  signed: Uint8Array,
  { name, privateKey }: ApkKey,
  form: ApkSignatureForm = 'RSA',
): Promise<Buffer> {
  const bytes = sign(form === 'RSA' ? 'sha1' : 'sha256', signed, privateKey);
  const entry = { ...file(`.SIGN.${form}.${name}`), size: bytes.length, content: { bytes } };
  return gzipSync(await segment([entry as Entry]));
}

/** What a package of the test is. */
export interface TestApk {
  readonly name: string;
  readonly version?: string;
  /** What .PKGINFO says; the index rewrites it to that of the repository, as Alpine's builders do. */
  readonly arch?: string;
  readonly depends?: readonly string[];
  readonly provides?: readonly string[];
  /** Which of several that provide a name without a version is taken. */
  readonly priority?: number;
  readonly triggers?: readonly string[];
  /** Packages that it comes along with once all are there. */
  readonly installIf?: readonly string[];
  /** Name (`post-install`, `trigger` …) → shell script. */
  readonly scripts?: Readonly<Record<string, string>>;
  readonly entries?: readonly Entry[];
  readonly origin?: string;
  readonly license?: string;
  /** Seconds since 1970. */
  readonly built?: number;
  /** Lines of .PKGINFO that are other than they should be. */
  readonly stated?: Readonly<Record<string, string>>;
  /** Takes the place of the data member. */
  readonly data?: Uint8Array;
}

/** A package as it lies in a repository. */
export interface BuiltApk {
  readonly bytes: Buffer;
  /** Its stanza of the index. */
  readonly stanza: string;
  /** For instance `hello-1.0-r0.apk`. */
  readonly filename: string;
}

const sha = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes);
const identifier = (control: Uint8Array) => `Q1${sha('sha1', control).digest('base64')}`;

/** One entry as abuild-tar writes it: with the hash of a file or of a link's target in a PAX header. */
async function hashedMember(entry: Entry): Promise<Buffer> {
  const content =
    entry.type === 'file' && 'bytes' in entry.content ? entry.content.bytes : undefined;
  const hashed = entry.type === 'symlink' ? Buffer.from(entry.target, 'latin1') : content;
  const records = [
    ...(hashed ? [['APK-TOOLS.checksum.SHA1', sha('sha1', hashed).digest('hex')] as const] : []),
    ...entry.xattrs.map(([name, value]) => [`SCHILY.xattr.${name}`, value] as const),
  ];
  const member = await segment([{ ...entry, xattrs: [] }]);
  if (records.length === 0) return member;
  const body = records.map(([keyword, value]) => paxRecord(keyword, value)).join('');
  return Buffer.concat([paxMember(body), member]);
}

const dataTar = async (entries: readonly Entry[]): Promise<Buffer> =>
  archive(...(await Promise.all(entries.map(hashedMember))));

/** A .apk in the format of apk-tools 2 (apk-v2(5)), and its stanza (apk-tools' APKINDEX). */
export async function buildApk(
  each: TestApk,
  key?: ApkKey,
  repositoryArch = 'x86_64',
): Promise<BuiltApk> {
  const { name, version = '1.0-r0', arch = repositoryArch, entries = [], scripts = {} } = each;
  const data = each.data ?? gzipSync(await dataTar(entries));
  // As du(1) counts it; apk does not even look into a package of no size.
  const size = entries.length * 4096;
  const list = (names: readonly string[] = []) => names.join(' ');
  const fields: Record<string, string> = {
    pkgname: name,
    pkgver: version,
    pkgdesc: `test package ${name}`,
    url: 'https://example.org/',
    builddate: String(each.built ?? 1_725_000_000),
    packager: 'Builder <builder@example.org>',
    maintainer: 'Nobody <nobody@example.org>',
    size: String(size),
    arch,
    origin: each.origin ?? name,
    license: each.license ?? 'MIT',
    ...(each.priority && { provider_priority: String(each.priority) }),
    ...(each.triggers && { triggers: list(each.triggers) }),
    ...(each.installIf && { install_if: list(each.installIf) }),
    datahash: sha('sha256', data).digest('hex'),
    ...each.stated,
  };
  const lines = [
    ...Object.entries(fields).map(([field, value]) => `${field} = ${value}\n`),
    ...(each.depends ?? []).map((value) => `depend = ${value}\n`),
    ...(each.provides ?? []).map((value) => `provides = ${value}\n`),
  ];
  const control = gzipSync(
    await segment([
      file('.PKGINFO', `# Generated by a test\n${lines.join('')}`),
      ...Object.entries(scripts).map(([script, text]) => file(`.${script}`, text, { mode: 0o755 })),
    ]),
  );
  const signature = key ? await signatureMember(control, key) : Buffer.of();
  const bytes = Buffer.concat([signature, control, data]);
  const stanza = {
    C: identifier(control),
    P: name,
    V: version,
    A: repositoryArch,
    S: bytes.length,
    I: size,
    T: fields.pkgdesc,
    U: fields.url,
    L: fields.license,
    o: fields.origin,
    m: fields.maintainer,
    t: fields.builddate,
    ...(each.priority && { k: each.priority }),
    ...(each.depends && { D: list(each.depends) }),
    ...(each.provides && { p: list(each.provides) }),
    ...(each.installIf && { i: list(each.installIf) }),
  };
  const text = Object.entries(stanza).map(([field, value]) => `${field}:${value}\n`);
  return { bytes, stanza: text.join(''), filename: `${name}-${version}.apk` };
}

export interface ApkIndexOptions {
  readonly description?: string;
  /** Seconds since 1970. */
  readonly date?: number;
  readonly form?: ApkSignatureForm;
}

/** An APKINDEX.tar.gz; unsigned without a key. */
export async function apkIndex(
  stanzas: readonly string[],
  key?: ApkKey,
  { description = 'v3.20.3-1-gtest', date = 1_725_600_000, form }: ApkIndexOptions = {},
): Promise<Buffer> {
  const text = stanzas.map((stanza) => `${stanza}\n`).join('');
  const index = gzipSync(
    await tarOf([
      file('DESCRIPTION', description, { mtime: date }),
      file('APKINDEX', text, { mtime: date }),
    ]),
  );
  return key ? Buffer.concat([await signatureMember(index, key, form), index]) : index;
}

/** The files of a repository by path below it, with a leading slash: index and packages. */
export async function apkRepository(
  packages: readonly BuiltApk[],
  key?: ApkKey,
  { arch = 'x86_64', ...options }: ApkIndexOptions & { readonly arch?: string } = {},
): Promise<Map<string, Uint8Array>> {
  const stanzas = packages.map(({ stanza }) => stanza);
  return new Map<string, Uint8Array>([
    [`/${arch}/APKINDEX.tar.gz`, await apkIndex(stanzas, key, options)],
    ...packages.map(({ filename, bytes }) => [`/${arch}/${filename}`, bytes] as const),
  ]);
}
