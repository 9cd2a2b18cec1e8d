import { verify } from 'node:crypto';
import { MkbaseError } from '../../base/errors.ts';
import { gzipMember } from './gzip-member.ts';
import type { ApkKeys } from './keys.ts';
import type { ApkSignature } from './locked-apks.ts';
import { isSignature, readSegment, type SegmentFile } from './segment.ts';

/** The bytes that a signature covers, and the key that made it. */
export interface SignedApk {
  /** The signed bytes, the only ones that are parsed. */
  readonly signed: Buffer;
  /** File name of the key whose signature held. */
  readonly signedBy: string;
  readonly signature: ApkSignature;
}

/** Room for many signatures of the largest keys. */
const maxSignatureBytes = 256 * 1024;

/**
 * The names of apk's signatures, which have PKCS#1 v1.5 padding (apk-v2(5)). Alpine's builders use the
 * first only, that of SHA-1, for which nobody can find a second message with the hash of a given one;
 * the files that they sign they have made themselves.
 */
const forms: Readonly<Record<string, { readonly digest: string; readonly as: ApkSignature }>> = {
  RSA: { digest: 'sha1', as: 'rsa-sha1' },
  RSA256: { digest: 'sha256', as: 'rsa-sha256' },
};

const signaturePattern = /^\.SIGN\.(RSA|RSA256)\.([A-Za-z0-9][A-Za-z0-9@._+-]*)$/;

const untrusted = (message: string, hint: string) =>
  new MkbaseError({ code: 'SOURCE_UNTRUSTED', message, hint });

function checkOne(
  { path, bytes }: SegmentFile,
  signed: Buffer,
  keys: ApkKeys,
  what: string,
): SignedApk | undefined {
  const [, form = '', name = ''] = signaturePattern.exec(path) ?? [];
  const key = keys.get(name);
  if (key === undefined) return undefined;
  const { digest, as } = forms[form]!;
  if (verify(digest, signed, key, bytes)) return { signed, signedBy: name, signature: as };
  throw untrusted(
    `${what}: the signature of ${name} does not hold; the file was changed after it was signed.`,
    'Use another mirror with --mirror; if it is the same there, report it to whoever runs the repository.',
  );
}

/**
 * Checks the signature that stands before an index: at least one must be by a trusted key,
 * and none by such a key may be wrong. Throws SOURCE_UNTRUSTED, and ARCHIVE_REFUSED for a file that is
 * no signed file of apk at all.
 */
export async function verifyApkSignature(
  bytes: Buffer,
  keys: ApkKeys,
  what: string,
): Promise<SignedApk> {
  const first = gzipMember(bytes, 0, { maxBytes: maxSignatureBytes, what });
  const files = await readSegment(first.content, `the signatures of ${what}`);
  if (!isSignature(files)) {
    throw untrusted(
      `${what} is not signed.`,
      'Sign it with abuild-sign, or use a mirror that has it signed.',
    );
  }
  const signed = bytes.subarray(first.end);
  const held = files.flatMap((file) => checkOne(file, signed, keys, what) ?? []);
  if (held[0] !== undefined) return held[0];
  const by = files.map(({ path }) => path.slice('.SIGN.'.length).replace(/^[^.]*\./, ''));
  throw untrusted(
    `${what} is signed by ${by.join(', ')}, which is not believed here. Believed are ${[...keys.keys()].join(', ')}.`,
    'Check that the mirror is one of the distribution; for an own repository, its key belongs into /etc/apk/keys or under "keys".',
  );
}
