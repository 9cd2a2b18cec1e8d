import { dirname } from 'node:path';
import type { Setting } from './engines.ts';
import { mkbase } from './mkbase.ts';

interface Report {
  readonly checks: readonly {
    readonly what: string;
    readonly outcome: string;
    readonly skipped: string | null;
    readonly claimed: string | null;
    readonly mismatches: readonly object[];
  }[];
}

/**
 * The words of all that `verify` may leave open of an untouched build beside its own store; the row `claimed` in
 * docs/cli.md has the same. Nothing may be `not checked`.
 */
const claims: readonly RegExp[] = [
  /^the outcomes of \d+ tests?$/,
  /^the objects that programs are linked from$/,
  /^the paths that the recipe's commands made$/,
  /^the bytes of \d+ files? that no package has$/,
  /^the bytes of \d+ files? by the image's own package database$/,
  /^the results of \d+ steps?$/,
  /^the mirrors that \d+ locked files? came from$/,
  /^the builder: mkbase /,
];

/**
 * Verifies what an untouched build left, as the user who built it, and returns each check that does not hold
 * and is not among those claims.
 */
export async function openChecks(out: string, { engine, settings }: Setting): Promise<string[]> {
  const args = ['verify', out, '--engine', engine, '--json'];
  const run = await mkbase(args, { cwd: dirname(out), ...settings() });
  if (run.stdout === '') throw new Error(`verify of ${out}:\n${run.stderr}`);
  const { checks } = JSON.parse(run.stdout) as Report;
  return checks.flatMap(({ what, outcome, skipped, claimed, mismatches }) => {
    const isOpen = outcome !== 'holds' && !claims.some((each) => claimed && each.test(what));
    const reason = skipped ?? claimed ?? JSON.stringify(mismatches);
    return isOpen ? [`${outcome}: ${what}: ${reason}`] : [];
  });
}
