import { setFlagsFromString } from 'node:v8';
import { exitCodes, MkbaseError } from '../base/errors.ts';
import { columnsOf, paletteOf } from '../ui/screen.ts';
import { answersTo } from '../verify/require.ts';
import { isPassed } from '../verify/summary.ts';
import type { Verification } from '../verify/verify.ts';
import { type CommandContext, invocationOf } from './command-context.ts';
import { openSigner, parseSign } from './sign/open-signer.ts';
import type { VerifyOptions } from './verify/options.ts';
import { reportJson } from './verify/report-json.ts';
import { reportOn, type Work } from './verify/report-on.ts';
import { reportText } from './verify/report-text.ts';
import { withUi } from './with-progress.ts';

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
