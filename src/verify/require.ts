import { outcomeOf, type Proof, type Report } from './report.ts';

/** The values of `--require`. */
export const requirements = ['image', 'signature', 'rebuild', 'complete'] as const;
export type Requirement = (typeof requirements)[number];

/** A thing that was required, and the reason why it is not there; undefined when it is. */
export interface Answer {
  readonly requirement: Requirement;
  readonly missing?: string;
}

/** The reason why a proof is not there, and what would give it. */
const absent: Readonly<Record<Proof, string>> = {
  image: 'no bytes of the image were checked; name an archive, or the image in an engine',
  signature: 'no signature was checked; --key names the public key to check them with',
  rebuild:
    'nobody is known to have built it again; --rebuild does, and --key names who signed rebuild.json',
};

function missingProof({ checks }: Report, proof: Proof): string | undefined {
  const outcomes = checks.filter(({ proves }) => proves === proof).map(outcomeOf);
  if (outcomes.includes('mismatch')) return 'what there is does not hold';
  return outcomes.includes('holds') ? undefined : absent[proof];
}

/** Returns the reason why a verification is not complete: it names the first check that was not made. */
function unchecked({ checks }: Report): string | undefined {
  const open = checks.filter((check) => outcomeOf(check) === 'not checked');
  const [first] = open;
  if (first === undefined) return undefined;
  const others = open.length > 1 ? `, and ${open.length - 1} more` : '';
  return `not checked is ${first.what}${others}`;
}

/**
 * Says of each thing that is required if a report gives it. `complete` is given when nothing is left
 * unchecked. Claims that no comparison can bear out, such as the outcomes of tests, do not stand against it:
 * what they are is fixed by mkbase, and evidence cannot add to them.
 */
export const answersTo = (report: Report, required: readonly Requirement[]): Answer[] =>
  [...new Set(required)].map((requirement) => {
    const missing =
      requirement === 'complete' ? unchecked(report) : missingProof(report, requirement);
    return { requirement, ...(missing !== undefined && { missing }) };
  });
