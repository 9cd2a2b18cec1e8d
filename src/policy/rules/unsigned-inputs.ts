import { trustChain } from '../../evidence/provenance/trust-chain.ts';
import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const words = {
  recipe: 'is believed for a digest in the recipe alone',
  'unsigned-archive': 'is believed by nobody: --allow unsigned-archive let it pass',
} as const;

/** Finds inputs from outside that no signature vouches for. */
export function unsignedInputs(
  { pinned = false }: RuleSettings<'unsignedInputs'>,
  { lock }: PolicySubject,
): Violation[] {
  return trustChain(lock)
    .unsigned.filter(({ by }) => !(pinned && by === 'recipe'))
    .map(({ name, sha256, by }) => ({
      kind: 'input',
      subject: name,
      message: `${name} (sha256 ${sha256}) ${words[by]}.`,
      remedy:
        by === 'recipe'
          ? 'Name its signature in the recipe ("signature"), take it from a signed index, or set "pinned: true" in the rule.'
          : 'Use a mirror that has the signature, or pin the archive in the recipe.',
    }));
}
