import { createHash } from 'node:crypto';
import { MkbaseError } from '../../base/errors.ts';
import { byteReader } from '../../tar/byte-reader.ts';
import { refusedArchive } from '../../tar/decompress.ts';
import { type GzipMember, gzipMember } from './gzip-member.ts';
import type { ListedApk } from './listed-apk.ts';
import { isSignature, readSegment, type SegmentFile } from './segment.ts';

/** Bytes for signature and control members: real packages have a few kilobytes, with long scripts a hundred. */
const prefixBytes = 4 * 1024 * 1024;

/** The control member of a package, and where its data starts. */
interface Control {
  readonly raw: Buffer;
  readonly files: readonly SegmentFile[];
  readonly end: number;
}

async function readControl(prefix: Buffer, what: string): Promise<Control> {
  const limits = { maxBytes: prefixBytes, what };
  const read = async (start: number): Promise<GzipMember & { files: SegmentFile[] }> => {
    const member = gzipMember(prefix, start, limits);
    return { ...member, files: await readSegment(member.content, what) };
  };
  const first = await read(0);
  const start = isSignature(first.files) ? first.end : 0;
  const control = start === 0 ? first : await read(start);
  return { raw: prefix.subarray(start, control.end), files: control.files, end: control.end };
}

/** Reads the lines `key = value` of .PKGINFO; `#` starts a comment; of a repeated key (a list) the last value is kept. */
function packageInfo(files: readonly SegmentFile[], what: string): ReadonlyMap<string, string> {
  const file = files.find(({ path }) => path === '.PKGINFO');
  if (file === undefined) throw refusedArchive(what, 'has no .PKGINFO');
  const lines = file.bytes.toString('utf8').matchAll(/^([a-z_]+) = (.*)$/gm);
  return new Map([...lines].map(([, key = '', value = '']) => [key, value]));
}

const corrupt = (what: string, expected: string, found: string) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what}: not the package that the signed index lists.\n  expected ${expected}\n  found    ${found}`,
    hint: 'The mirror may be in the middle of an update: try again later, or use another one with --mirror.',
  });

function expect(what: string, field: string, expected: string, found: string | undefined): void {
  if (found === expected) return;
  throw corrupt(what, `${field} ${expected}`, `${field} ${found ?? '(none)'}`);
}

/**
 * Follows the chain from a signed index into a package: the index states the SHA-1 of the control
 * member, and .PKGINFO in that member the SHA-256 of the data member (apk-v2(5)). `what` is the
 * package's URL. Nothing of the data is unpacked. Throws SOURCE_CORRUPT, and ARCHIVE_REFUSED for a file
 * that is no package.
 */
export async function checkApk(
  bytes: AsyncIterable<Uint8Array>,
  listed: ListedApk,
  what: string,
): Promise<void> {
  const reader = byteReader(bytes);
  try {
    const prefix = await reader.read(prefixBytes);
    const control = await readControl(prefix, what);
    const checksum = `Q1${createHash('sha1').update(control.raw).digest('base64')}`;
    expect(what, 'checksum', listed.checksum, checksum);
    const info = packageInfo(control.files, what);
    expect(what, 'pkgname', listed.name, info.get('pkgname'));
    expect(what, 'pkgver', listed.version, info.get('pkgver'));
    const hash = createHash('sha256').update(prefix.subarray(control.end));
    for (;;) {
      const chunk = await reader.readSome(prefixBytes);
      if (chunk.length === 0) break;
      hash.update(chunk);
    }
    const stated = info.get('datahash');
    if (stated === undefined) throw refusedArchive(what, 'does not state the hash of its data');
    expect(what, 'sha256 of its data', stated, hash.digest('hex'));
  } finally {
    await reader.close();
  }
}
