import { setFlagsFromString } from 'node:v8';
import { exitCodes } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { RebuildOptions } from '../pipeline/rebuild/rebuild.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import type { ProgressMode } from '../ui/ui.ts';
import type { Report } from '../verify/report.ts';
import { mismatchesOf } from '../verify/report.ts';
import type { CommandContext } from './context.ts';
import { reportText } from './verify/report-text.ts';
import { withProgress } from './with-progress.ts';

/** Options of `verify`. */
export interface VerifyOptions extends RebuildOptions {
  readonly evidence?: string;
  readonly key?: string;
  readonly json?: true;
  readonly rebuild?: true;
  readonly vary?: true;
  /** Where a recipe of the user's own is, for a rebuild. */
  readonly recipe?: string;
  readonly progress: ProgressMode;
}

/** What `--json` prints. */
const json = (report: Report): string =>
  `${JSON.stringify({
    subject: report.subject,
    ok: mismatchesOf(report).length === 0,
    checks: report.checks.map(({ what, extent = null, skipped = null, mismatches }) => ({
      what,
      extent,
      skipped,
      mismatches: mismatches.map(({ from = null, ...mismatch }) => ({ ...mismatch, from })),
    })),
  })}\n`;

async function loadKey(file: string) {
  const { loadVerificationKey } = await import('../sign/keys/verification-key.ts');
  return loadVerificationKey(file);
}

/** Everything that was asked for: what is there, and what came of building it again. */
async function reportOn(
  word: string,
  options: VerifyOptions,
  { env, signal }: CommandContext,
  io: Io,
): Promise<Report> {
  const [{ openSubject }, { verify: verifySubject }] = await Promise.all([
    import('./verify/subject.ts'),
    import('../verify/verify.ts'),
  ]);
  const key = options.key === undefined ? {} : { key: await loadKey(options.key) };
  const subject = await openSubject(word, options, env, io);
  try {
    const report = await verifySubject({ ...subject, ...key }, signal);
    if (!options.rebuild && !options.vary) return report;
    const { planRebuild } = await import('../pipeline/rebuild/rebuild-plan.ts');
    const plan = await planRebuild(subject.evidence, options.recipe);
    const { rebuild } = await import('../pipeline/rebuild/rebuild.ts');
    const rebuilt = options.rebuild ? await rebuild(plan, options, env, io) : [];
    const { vary } = await import('../pipeline/rebuild/vary.ts');
    const varied = options.vary ? await vary(plan, options, env, io) : [];
    return { ...report, checks: [...report.checks, ...rebuilt, ...varied] };
  } finally {
    await subject.dispose();
  }
}

/**
 * `mkbase verify`: computes everything anew from bytes and lists what is otherwise than claimed; builds
 * again where that is asked for. Resolves to the exit code of MISMATCH when anything is otherwise.
 */
export async function verify(
  word: string,
  options: VerifyOptions,
  context: CommandContext,
): Promise<number> {
  const { stdout, env } = context;
  // As in a build, what streams makes much short-lived garbage.
  setFlagsFromString('--semi-space-growth-factor=1');
  let mismatches = 0;
  const work = async (io: Io) => {
    const report = await reportOn(word, options, context, io);
    mismatches = mismatchesOf(report).length;
    return options.json
      ? json(report)
      : reportText(report, columnsOf(stdout), paletteOf(stdout, env));
  };
  const builds = options.rebuild || options.vary;
  const exitCode = await withProgress(builds ? options.progress : 'none', word, work, context);
  return exitCode === 0 && mismatches > 0 ? exitCodes.MISMATCH : exitCode;
}
