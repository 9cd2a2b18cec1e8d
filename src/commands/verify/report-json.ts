import { mismatchesOf, outcomeOf } from '../../verify/report.ts';
import type { Answer } from '../../verify/require.ts';
import { isPassed } from '../../verify/summary.ts';
import type { Verification } from '../../verify/verify.ts';

/** Writes a verification as the one JSON object of `--json`. */
export function reportJson(report: Verification, answers: readonly Answer[]): string {
  const count = (outcome: string) =>
    report.checks.filter((check) => outcomeOf(check) === outcome).length;
  return `${JSON.stringify({
    subject: report.subject,
    ok: isPassed(report, answers),
    counts: {
      holds: count('holds'),
      mismatches: mismatchesOf(report).length,
      claimed: count('claimed'),
      notChecked: count('not checked'),
    },
    required: answers.map(({ requirement, missing = null }) => ({ requirement, missing })),
    checks: report.checks.map((check) => ({
      what: check.what,
      outcome: outcomeOf(check),
      extent: check.extent ?? null,
      skipped: check.skipped ?? null,
      claimed: check.claimed ?? null,
      mismatches: check.mismatches.map(({ from = null, ...mismatch }) => ({ ...mismatch, from })),
    })),
  })}\n`;
}
