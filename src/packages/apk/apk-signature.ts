import { verify } from 'node:crypto';
import { MkbaseError } from '../../base/errors.ts';
import type { Judgement } from '../keyrings/judge-key.ts';
import { gzipMember } from './gzip-member.ts';
import { type ApkKeys, type ApkTimes, judgeApkKey } from './keys.ts';
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

/** A signature of a believed key that holds, and the judgement on that key. */
interface Held {
  readonly signed: SignedApk;
  readonly judgement: Judgement;
}

async function checkOne(
  { path, bytes }: SegmentFile,
  signed: Buffer,
  { keys, what, times }: ApkCheck,
): Promise<Held | undefined> {
  const [, form = '', name = ''] = signaturePattern.exec(path) ?? [];
  const key = keys.get(name);
  if (key === undefined) return undefined;
  const { digest, as } = forms[form]!;
  if (verify(digest, signed, key, bytes)) {
    const judgement = await judgeApkKey(name, key, times);
    return { signed: { signed, signedBy: name, signature: as }, judgement };
  }
  throw untrusted(
    `${what}: the signature of ${name} does not hold; the file was changed after it was signed.`,
    'Use another mirror with --mirror; if it is the same there, report it to whoever runs the repository.',
  );
}

/** Returns the first signature whose key is good, else one with a warning. Throws SOURCE_UNTRUSTED. */
function bestOf(held: readonly Held[], { what, times }: ApkCheck): SignedApk {
  const verdict = (wanted: Judgement['verdict']) =>
    held.find(({ judgement }) => judgement.verdict === wanted);
  const best = verdict('accepted') ?? verdict('warned');
  if (best === undefined) {
    const refused = held.flatMap(({ signed: { signedBy }, judgement }) =>
      judgement.verdict === 'refused' ? [{ signedBy, ...judgement }] : [],
    );
    const reasons = refused.map(({ signedBy, reason }) => `\n  Key ${signedBy} ${reason}.`);
    throw untrusted(
      `${what} has no signature by a key that is good.${reasons.join('')}`,
      refused.find(({ hint }) => hint)?.hint ??
        'Use the mirror of a release whose keys are good; `mkbase keys` lists those that ship with mkbase.',
    );
  }
  const { judgement, signed } = best;
  if (judgement.verdict === 'warned') for (const each of judgement.warnings) times.past?.warn(each);
  return signed;
}

/** The believed keys, the name of the file for messages, and the time of judgement. */
interface ApkCheck {
  readonly keys: ApkKeys;
  readonly what: string;
  readonly times: ApkTimes;
}

/**
 * Checks the signature that stands before an index: at least one must be by a trusted key,
 * and none by such a key may be wrong. A key that was revoked or has expired counts as `judgeKey` says.
 * Throws SOURCE_UNTRUSTED, and ARCHIVE_REFUSED for a file that is no signed file of apk at all.
 */
export async function verifyApkSignature(
  bytes: Buffer,
  keys: ApkKeys,
  what: string,
  times: ApkTimes,
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
  const check = { keys, what, times };
  const held: Held[] = [];
  for (const file of files) {
    const each = await checkOne(file, signed, check);
    if (each !== undefined) held.push(each);
  }
  if (held.length > 0) return bestOf(held, check);
  const by = files.map(({ path }) => path.slice('.SIGN.'.length).replace(/^[^.]*\./, ''));
  throw untrusted(
    `${what} is signed by ${by.join(', ')}, which is not believed here. Believed are ${[...keys.keys()].join(', ')}.`,
    'Check that the mirror is one of the distribution; for an own repository, its key belongs into /etc/apk/keys or under "keys".',
  );
}
