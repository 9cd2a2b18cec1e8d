import type { TrustLink } from '../../evidence/provenance/trust-chain.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

function violationBy({ file, url, signedBy, vouchesFor }: TrustLink): Violation {
  const about = { kind: 'input', subject: file } as const;
  if (signedBy.length === 0) {
    return {
      ...about,
      message: `${url} was not seen to be signed by any key: the lock alone says so.`,
      remedy: 'Prove the lock: build from the bundle that was made with it, or pin anew.',
    };
  }
  return {
    ...about,
    message: `${url} is signed by ${signedBy.join(', ')}, which is not among the allowed keys; ${vouchesFor.length} inputs hang on it.`,
    remedy: 'Find out whose key it is; if that is who should sign, add it to "allow" of the rule.',
  };
}

/**
 * Finds signed indexes and archives without a valid signature by an allowed key, as far as signatures
 * were seen. One such signature is enough: Debian signs with the keys of several releases.
 */
export const keys = ({ allow = {} }: RuleSettings<'keys'>, { trust }: PolicySubject): Violation[] =>
  trust.links
    .filter(({ signedBy }) => !signedBy.some((key) => Object.hasOwn(allow, key)))
    .map(violationBy);
