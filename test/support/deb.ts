import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export type TestCompression = 'xz' | 'gz' | 'zst' | 'bz2' | 'none';

/** A file of a test package: its text, or more. */
export type TestFile =
  | string
  | { readonly text: string | Uint8Array; readonly mode?: number }
  | { readonly symlink: string }
  | { readonly hardlink: string }
  | { readonly directory: true; readonly mode?: number };

export interface TestPackage {
  readonly name: string;
  readonly version?: string;
  readonly architecture?: string;
  /** Further control fields. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Path without leading slash → content. Parent folders are added. */
  readonly files?: Readonly<Record<string, TestFile>>;
  readonly compression?: TestCompression;
  /** Takes the place of the control file's text. */
  readonly control?: string;
  /** Further files of the control archive; a script's begins with `#!`. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Takes the place of the data archive's uncompressed bytes. */
  readonly data?: Uint8Array;
}

const compressors: Readonly<Record<TestCompression, (bytes: Buffer) => Buffer>> = {
  none: (bytes) => bytes,
  gz: (bytes) => gzipSync(bytes),
  xz: (bytes) => execFileSync('xz', ['-1c'], { input: bytes, maxBuffer: 2 ** 30 }),
  zst: (bytes) => execFileSync('zstd', ['-1qc'], { input: bytes, maxBuffer: 2 ** 30 }),
  bz2: (bytes) => execFileSync('bzip2', ['-c'], { input: bytes, maxBuffer: 2 ** 30 }),
};

/** Compresses as the tool of that name does. */
export const compressed = (bytes: Uint8Array, form: TestCompression): Buffer =>
  compressors[form](Buffer.from(bytes));

/** An ar archive (ar(5)) of the members given. */
export function ar(members: readonly (readonly [name: string, bytes: Uint8Array])[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, bytes] of members) {
    const fields = [
      name.padEnd(16),
      '0'.padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
    ];
    parts.push(Buffer.from(`${fields.join('')}${String(bytes.length).padEnd(10)}\`\n`), bytes);
    if (bytes.length % 2 === 1) parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

/** The .deb, its control stanza (ended by a newline) and its file name. */
export function buildDeb(each: TestPackage): { bytes: Buffer; control: string; filename: string } {
  const { name, version = '1.0-1', architecture = 'amd64', compression = 'gz' } = each;
  const fields = {
    Package: name,
    Version: version,
    Architecture: architecture,
    Maintainer: 'Nobody <nobody@example.org>',
    ...each.fields,
    Description: `test package ${name}`,
  };
  const control = Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('');
  const suffix = compression === 'none' ? '' : `.${compression}`;
  const files = each.files ?? {};
  const scripts = Object.entries(each.scripts ?? {}).map(
    ([path, text]) => [path, { text, mode: text.startsWith('#!') ? 0o755 : 0o644 }] as const,
  );
  const controlTar = tar({
    ...Object.fromEntries(scripts),
    control: each.control ?? control,
    md5sums: md5sums(files),
  });
  const bytes = ar([
    ['debian-binary', Buffer.from('2.0\n')],
    [`control.tar${suffix}`, compressed(controlTar, compression)],
    [`data.tar${suffix}`, compressed(each.data ?? tar(files), compression)],
  ]);
  const plainVersion = version.replace(/^\d+:/, '');
  return { bytes, control, filename: `${name}_${plainVersion}_${architecture}.deb` };
}

const bytesOf = (file: TestFile): Uint8Array | undefined => {
  if (typeof file === 'string') return Buffer.from(file);
  return 'text' in file ? Buffer.from(file.text as string) : undefined;
};

function md5sums(files: Readonly<Record<string, TestFile>>): string {
  return Object.entries(files)
    .flatMap(([path, file]) => {
      const bytes = bytesOf(file);
      return bytes ? [`${createHash('md5').update(bytes).digest('hex')}  ${path}\n`] : [];
    })
    .join('');
}

/** A ustar archive, as dpkg-deb orders it: `./`, then folders before what is in them. */
export function tar(files: Readonly<Record<string, TestFile>>): Buffer {
  const all = new Map<string, TestFile>([['', { directory: true }]]);
  for (const [path, file] of Object.entries(files)) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const parent = parts.slice(0, depth).join('/');
      if (!all.has(parent)) all.set(parent, { directory: true });
    }
    all.set(path, file);
  }
  const blocks = [...all].map(([path, file]) => member(path, file));
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function member(path: string, file: TestFile): Buffer {
  const bytes = bytesOf(file) ?? Buffer.alloc(0);
  const has = (key: string) => typeof file === 'object' && key in file;
  const kind = has('symlink') ? '2' : has('hardlink') ? '1' : has('directory') ? '5' : '0';
  const mode = (file as { mode?: number }).mode ?? (kind === '5' ? 0o755 : 0o644);
  const link = (file as { symlink?: string }).symlink ?? (file as { hardlink?: string }).hardlink;
  const header = Buffer.alloc(512);
  const put = (at: number, text: string) => header.write(text, at, 'utf8');
  put(0, `./${path}${kind === '5' && path !== '' ? '/' : ''}`);
  put(100, `${mode.toString(8).padStart(7, '0')}\0${'0'.repeat(7)}\0${'0'.repeat(7)}\0`);
  put(
    124,
    `${bytes.length.toString(8).padStart(11, '0')}\0${(1_700_000_000).toString(8).padStart(11, '0')}\0`,
  );
  put(148, ' '.repeat(8));
  put(156, kind);
  put(157, kind === '1' ? `./${link}` : (link ?? ''));
  put(257, 'ustar\x0000root');
  put(297, 'root');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
