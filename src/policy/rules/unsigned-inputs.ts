import type { Violation } from '../finding.ts';
import type { RuleSettings } from '../schema.ts';
import type { PolicySubject } from '../subject.ts';

const words = {
  recipe: 'is believed for a digest in the recipe alone',
  'unsigned-archive': 'is believed by nobody: --allow unsigned-archive let it pass',
  'foreign-lock': 'is believed by the lock alone: no signature was seen',
} as const;

const remedies = {
  recipe:
    'Name its signature in the recipe ("signature"), take it from a signed index, or set "pinned: true" in the rule.',
  'unsigned-archive': 'Use a mirror that has the signature, or pin the archive in the recipe.',
  'foreign-lock': 'Prove the lock: build from the bundle that was made with it, or pin anew.',
} as const;

/** Finds inputs from outside that no signature vouches for. */
export function unsignedInputs(
  { pinned = false }: RuleSettings<'unsignedInputs'>,
  { trust }: PolicySubject,
): Violation[] {
  return trust.unsigned
    .filter(({ by }) => !(pinned && by === 'recipe'))
    .map(({ name, sha256, by }) => ({
      kind: 'input',
      subject: name,
      message: `${name} (sha256 ${sha256}) ${words[by]}.`,
      remedy: remedies[by],
    }));
}
