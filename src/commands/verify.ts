import { setFlagsFromString } from 'node:v8';
import { exitCodes, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import type { RebuildOptions } from '../pipeline/rebuild/rebuild.ts';
import type { Signer } from '../sign/sign-folder.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import type { ProgressMode } from '../ui/ui.ts';
import { settledBy } from '../verify/rebuild/settle.ts';
import type { Check } from '../verify/report.ts';
import { answersTo, type Requirement } from '../verify/require.ts';
import { isPassed } from '../verify/summary.ts';
import type { Verification } from '../verify/verify.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { openSigner, parseSign } from './sign/open-signer.ts';
import type { Subject } from './verify/look.ts';
import { reportJson } from './verify/report-json.ts';
import { reportText } from './verify/report-text.ts';
import { withUi } from './with-progress.ts';

/** Options of `verify`. */
export interface VerifyOptions extends RebuildOptions {
  readonly evidence?: string;
  /** Repeated flags; undefined when there is none. */
  readonly insecureRegistry?: readonly string[];
  /** Values of `--key`, as parseKeyOption reads them. */
  readonly key?: readonly string[];
  readonly require?: readonly Requirement[];
  readonly notOlderThan?: string;
  /** The file that the signed summary goes to. */
  readonly attest?: string;
  /** File with the public key that vouched for the lock. */
  readonly lockKey?: string;
  readonly json?: true;
  /** Attaches what the rebuild left to the image in its registry. */
  readonly attach?: true;
  readonly rebuild?: true;
  readonly vary?: true;
  /** Signs the statement of the rebuild and the summary, as parseSign reads it. */
  readonly sign?: string;
  /** Name or path of the recipe. */
  readonly recipe?: string;
  readonly progress: ProgressMode;
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

/** Refuses options that would have no effect. Throws USAGE. */
function checkOptions({ attest, sign, rebuild, attach }: VerifyOptions): void {
  if (attach && !rebuild) {
    throw usage(
      '--attach attaches the statement of a rebuild, and none is asked for.',
      'Add --rebuild.',
    );
  }
  if (attest !== undefined && sign === undefined) {
    throw usage(
      '--attest writes a signed summary, and nothing says how to sign it.',
      'Add --sign key=FILE, or --sign keyless.',
    );
  }
  if (sign !== undefined && attest === undefined && !rebuild) {
    throw usage(
      '--sign signs a summary or the statement of a rebuild, and neither is asked for.',
      'Add --attest FILE or --rebuild; `mkbase sign` signs the evidence itself.',
    );
  }
}

async function loadKeys(options: readonly string[] = []) {
  if (options.length === 0) return [];
  const { loadVerificationKeys } = await import('../sign/keys/verification-key.ts');
  return loadVerificationKeys(options);
}

/** Builds again from the lock, signs the statement of that where asked for, and varies the conditions. */
async function buildAgain(
  evidence: string | undefined,
  options: VerifyOptions,
  sign: Signer | undefined,
  context: CommandContext,
  io: Io,
): Promise<{ readonly rebuilt: readonly Check[]; readonly varied: readonly Check[] }> {
  const [{ planRebuild }, { rebuild, signRebuild }, { vary }] = await Promise.all([
    import('../pipeline/rebuild/rebuild-plan.ts'),
    import('../pipeline/rebuild/rebuild.ts'),
    import('../pipeline/rebuild/vary.ts'),
  ]);
  const plan = await planRebuild(evidence, options.recipe);
  const invocation = invocationOf(context);
  const host = { invocation, program: context.program };
  const made = options.rebuild && (await rebuild(plan, options, invocation, io));
  if (made && sign) await signRebuild(plan, made.statement, sign);
  const varied = options.vary ? await vary(plan, options, host, io) : [];
  return { rebuilt: made ? made.checks : [], varied };
}

/** The options, keys and signer of one verification. */
interface Work {
  readonly word: string;
  readonly options: VerifyOptions;
  readonly keys: Awaited<ReturnType<typeof loadKeys>>;
  readonly sign: Signer | undefined;
  readonly context: CommandContext;
  readonly io: Io;
}

/** Attaches the statement of a rebuild, and its signature, to an image in a registry. USAGE for any other. */
async function attachStatement(word: string, { attach }: Subject, io: Io): Promise<void> {
  if (attach !== undefined) return attach(io);
  throw usage(
    `--attach: ${word} is no image in a registry to which evidence is attached.`,
    'Name one (HOST/NAME:TAG), or leave it out: the statement lies beside the evidence.',
  );
}

/** Computes everything that was asked for: what is there, and what came of building it again. */
async function reportOn({ word, options, keys, sign, context, io }: Work): Promise<Verification> {
  const [{ openSubject }, { openSurroundings }, { verify: verifySubject }, { parseFreshness }] =
    await Promise.all([
      import('./verify/subject.ts'),
      import('./verify/surroundings.ts'),
      import('../verify/verify.ts'),
      import('../verify/freshness.ts'),
    ]);
  const { notOlderThan: said } = options;
  const { now } = invocationOf(context);
  const freshness = said === undefined ? {} : { freshness: parseFreshness(said, now) };
  const surroundings = await openSurroundings(options, context, io);
  try {
    const subject = await openSubject(word, { ...options, keys }, context, io);
    try {
      const request = { ...subject, ...surroundings, ...freshness, keys };
      const report = await verifySubject(request, context.signal);
      if (!options.rebuild && !options.vary) return report;
      const { rebuilt, varied } = await buildAgain(subject.evidence, options, sign, context, io);
      if (options.attach) await attachStatement(word, subject, io);
      const checks = [...settledBy(rebuilt, report.checks), ...rebuilt, ...varied];
      return { ...report, checks };
    } finally {
      await subject.dispose();
    }
  } finally {
    await surroundings.dispose();
  }
}

/** Signs a summary of the verification and writes it whole, or not at all. Errors: USAGE, IO, NO_SPACE. */
async function attest({ options, keys, sign, context }: Work, report: Verification) {
  if (options.attest === undefined || sign === undefined) return;
  const [{ resolve }, { summaryStatement, summaryType }, { writeWholeFile }] = await Promise.all([
    import('node:path'),
    import('../verify/summary.ts'),
    import('../store/write-whole-file.ts'),
  ]);
  const { now } = invocationOf(context);
  const statement = await summaryStatement({
    report,
    answers: answersTo(report, options.require ?? []),
    keys: keys.map(({ hint }) => hint),
    notOlderThan: options.notOlderThan,
    now,
  });
  const signed = { file: 'summary', bundle: 'summary.sigstore.json', predicateType: summaryType };
  await writeWholeFile(resolve(context.cwd, options.attest), await sign(statement, signed));
}

/**
 * `mkbase verify`: computes everything anew from bytes and lists what is not as claimed; builds again
 * where that is asked for. Resolves to the exit code of MISMATCH when there is any mismatch, or something
 * that is required is not there.
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
    checkOptions(options);
    const keys = await loadKeys(options.key);
    const signer = options.sign ? await openSigner(parseSign(options.sign), env, io) : undefined;
    try {
      const work = { word, options, keys, sign: signer?.sign, context, io };
      const report = await reportOn(work);
      const answers = answersTo(report, options.require ?? []);
      await attest(work, report);
      await ui.close();
      const text = () => reportText(report, answers, columnsOf(stdout), paletteOf(stdout, env));
      stdout.write(options.json ? reportJson(report, answers) : text());
      return isPassed(report, answers) ? 0 : exitCodes.MISMATCH;
    } finally {
      await signer?.dispose();
    }
  });
}
