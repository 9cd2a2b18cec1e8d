import { setFlagsFromString } from 'node:v8';
import { exitCodes } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { RebuildOptions } from '../pipeline/rebuild/rebuild.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import type { ProgressMode } from '../ui/ui.ts';
import type { TrustSources } from '../verify/follow-trust.ts';
import { type Check, mismatchesOf, type Report } from '../verify/report.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { withSigner } from './sign/open-signer.ts';
import { reportText } from './verify/report-text.ts';
import { withUi } from './with-progress.ts';

/** Options of `verify`. */
export interface VerifyOptions extends RebuildOptions {
  readonly evidence?: string;
  /** Values of `--key`, as parseKeyOption reads them. */
  readonly key?: readonly string[];
  readonly json?: true;
  readonly rebuild?: true;
  readonly vary?: true;
  /** Signs the statement of the rebuild, as parseSign reads it. */
  readonly sign?: string;
  /** Path of a recipe of the user's own, for a rebuild. */
  readonly recipe?: string;
  readonly progress: ProgressMode;
}

/** Returns what `--json` prints. */
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

async function loadKeys(options: readonly string[] = []) {
  if (options.length === 0) return [];
  const { loadVerificationKeys } = await import('../sign/keys/verification-key.ts');
  return loadVerificationKeys(options);
}

/** Builds again from the lock, signs the statement of that where asked for, and varies the conditions. */
async function buildAgain(
  evidence: string | undefined,
  options: VerifyOptions,
  context: CommandContext,
  io: Io,
): Promise<readonly Check[]> {
  const { env, program } = context;
  const [{ planRebuild }, { rebuild, signRebuild }, { vary }] = await Promise.all([
    import('../pipeline/rebuild/rebuild-plan.ts'),
    import('../pipeline/rebuild/rebuild.ts'),
    import('../pipeline/rebuild/vary.ts'),
  ]);
  const plan = await planRebuild(evidence, options.recipe);
  const invocation = invocationOf(context);
  const checks: Check[] = [];
  if (options.rebuild) {
    const rebuilt = await rebuild(plan, options, invocation, io);
    await withSigner(options.sign, env, io, (sign) => signRebuild(plan, rebuilt.statement, sign));
    checks.push(...rebuilt.checks);
  }
  if (options.vary) checks.push(...(await vary(plan, options, { invocation, program }, io)));
  return checks;
}

/** Runs a verification with the bytes in which signatures over inputs are followed. */
export async function followed<T>(
  inputs: string | undefined,
  context: CommandContext,
  io: Io,
  work: (trust: TrustSources) => Promise<T>,
): Promise<T> {
  const { openTrustSources } = await import('./verify/trust-sources.ts');
  const { trust, dispose } = await openTrustSources(inputs, context, io);
  try {
    return await work(trust);
  } finally {
    await dispose();
  }
}

/** Computes everything that was asked for: what is there, and what came of building it again. */
async function reportOn(
  word: string,
  options: VerifyOptions,
  context: CommandContext,
  io: Io,
): Promise<Report> {
  const { signal } = context;
  const [{ openSubject }, { verify: verifySubject }] = await Promise.all([
    import('./verify/subject.ts'),
    import('../verify/verify.ts'),
  ]);
  const keys = await loadKeys(options.key);
  const subject = await openSubject(word, options, context, io);
  try {
    const report = await followed(options.inputs, context, io, (trust) =>
      verifySubject({ ...subject, keys, trust }, signal),
    );
    if (!options.rebuild && !options.vary) return report;
    const again = await buildAgain(subject.evidence, options, context, io);
    return { ...report, checks: [...report.checks, ...again] };
  } finally {
    await subject.dispose();
  }
}

/**
 * `mkbase verify`: computes everything anew from bytes and lists what is not as claimed; builds again
 * where that is asked for. Resolves to the exit code of MISMATCH when there is any mismatch.
 */
export async function verify(
  word: string,
  options: VerifyOptions,
  context: CommandContext,
): Promise<number> {
  const { stdout, env } = context;
  // As in a build, streams make much short-lived garbage.
  setFlagsFromString('--semi-space-growth-factor=1');
  const builds = options.rebuild || options.vary;
  const progress = builds ? options.progress : 'none';
  return withUi({ progress, result: 'none', recipe: word }, context, async (ui, io) => {
    const report = await reportOn(word, options, context, io);
    await ui.close();
    const palette = paletteOf(stdout, env);
    stdout.write(options.json ? json(report) : reportText(report, columnsOf(stdout), palette));
    return mismatchesOf(report).length > 0 ? exitCodes.MISMATCH : 0;
  });
}
