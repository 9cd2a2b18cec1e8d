import { signedFiles } from '../../evidence/provenance/trust-chain.ts';
import type { Violation } from '../finding.ts';
import type { PolicySubject } from '../subject.ts';

/** Matches the name of a signature algorithm whose hash is SHA-1, for instance `rsa-sha1`. */
const overSha1 = /(?:^|[^a-z0-9])sha-?1(?:$|[^0-9])/i;

/**
 * Finds signed indexes whose signature is over a SHA-1. A family whose format knows several hashes states
 * in the lock which one it was, and the proof of the lock compares that with the signature itself.
 */
export const sha1Signatures = ({ lock }: PolicySubject): Violation[] =>
  [...signedFiles(lock)].flatMap(([file, { url, signature, signedBy }]) =>
    signature === undefined || !overSha1.test(signature)
      ? []
      : [
          {
            kind: 'input',
            subject: file,
            message: `${url} is signed by ${signedBy.join(', ')} over a SHA-1 (${signature}).`,
            remedy:
              'Use a repository whose index is signed over a SHA-256, or sign a mirror of it yourself.',
          },
        ],
  );
