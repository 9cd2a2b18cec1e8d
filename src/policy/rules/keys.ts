import { trustChain } from '../../evidence/provenance/trust-chain.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

/**
 * Finds signed indexes and archives without a valid signature by an allowed key. One such signature is
 * enough: Debian signs with the keys of several releases.
 */
export function keys({ allow = {} }: RuleSettings<'keys'>, { lock }: PolicySubject): Violation[] {
  return trustChain(lock)
    .links.filter(({ signedBy }) => !signedBy.some((key) => Object.hasOwn(allow, key)))
    .map(({ file, url, signedBy, vouchesFor }) => ({
      kind: 'input',
      subject: file,
      message: `${url} is signed by ${signedBy.join(', ')}, which is not among the allowed keys; ${vouchesFor.length} inputs hang on it.`,
      remedy:
        'Find out whose key it is; if that is who should sign, add it to "allow" of the rule.',
    }));
}
