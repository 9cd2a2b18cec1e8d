import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { VerificationKey } from '../../sign/keys/verification-key.ts';
import type { Signer } from '../../sign/sign-folder.ts';
import { settledBy } from '../../verify/rebuild/settle.ts';
import type { Check } from '../../verify/report.ts';
import type { Verification } from '../../verify/verify.ts';
import { type CommandContext, invocationOf } from '../command-context.ts';
import { isPlace, parsePlace } from '../place/place.ts';
import type { IndexSubject } from './index-report.ts';
import type { VerifyOptions } from './options.ts';

/** Builds again from the lock, signs the statement of that where asked for, and varies the conditions. */
async function buildAgain(
  evidence: string | undefined,
  options: VerifyOptions,
  sign: Signer | undefined,
  context: CommandContext,
  io: Io,
): Promise<{ readonly rebuilt: readonly Check[]; readonly varied: readonly Check[] }> {
  const [{ planRebuild }, { rebuild, signRebuild }, { vary }] = await Promise.all([
    import('../../pipeline/rebuild/rebuild-plan.ts'),
    import('../../pipeline/rebuild/rebuild.ts'),
    import('../../pipeline/rebuild/vary.ts'),
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
export interface Work {
  readonly word: string;
  readonly options: VerifyOptions;
  readonly keys: readonly VerificationKey[];
  readonly sign: Signer | undefined;
  readonly context: CommandContext;
  readonly io: Io;
}

/** Refuses to attach the statement of a rebuild to what is no image in a registry. */
const nothingToAttachTo = (word: string) =>
  new MkbaseError({
    code: 'USAGE',
    message: `--attach: ${word} is no single image in a registry to which evidence is attached.`,
    hint: 'Name one (HOST/NAME:TAG, or @sha256:… of an index), or leave it out: the statement lies beside the evidence.',
  });

/** Verifies each image that an index lists, and the index. */
async function reportOnSet(work: Work, word: string, index: IndexSubject): Promise<Verification> {
  const { options, keys, context } = work;
  if (options.attach) throw nothingToAttachTo(word);
  const { reportOnIndex } = await import('./index-report.ts');
  const { evidence: _, ...each } = options;
  const verifyOne = (folder: string) => reportOnImage({ ...work, word: folder, options: each });
  return reportOnIndex(word, index, keys, verifyOne, context.signal);
}

/** Computes everything that was asked for, of one image or of each that an index lists. */
export async function reportOn(work: Work): Promise<Verification> {
  const { word, options, keys, context, io } = work;
  const { indexSubject, isRemote } = await import('./index-report.ts');
  const index = await indexSubject(word, context.cwd, options.evidence);
  if (index !== undefined) return reportOnSet(work, word, index);
  if (!isPlace(word) && !(await isRemote(word, options, context.cwd))) return reportOnImage(work);
  const { openPlaceIndex } = await import('./index-in-place.ts');
  const place = parsePlace(word, context.cwd);
  const remote = await openPlaceIndex(place, word, { ...options, keys }, context, io);
  if (remote === undefined) return reportOnImage(work);
  try {
    const { name, subject } = remote;
    return subject
      ? await reportOnSet(work, name, subject)
      : await reportOnImage({ ...work, word: name });
  } finally {
    await remote.dispose();
  }
}

/** Computes everything that was asked for: what is there, and what came of building it again. */
async function reportOnImage({
  word,
  options,
  keys,
  sign,
  context,
  io,
}: Work): Promise<Verification> {
  const [{ openSubject }, { openSurroundings }, { verify: verifySubject }, { parseFreshness }] =
    await Promise.all([
      import('./subject.ts'),
      import('./surroundings.ts'),
      import('../../verify/verify.ts'),
      import('../../verify/freshness.ts'),
    ]);
  const { notOlderThan: said } = options;
  const { now } = invocationOf(context);
  const freshness = said === undefined ? {} : { freshness: parseFreshness(said, now) };
  const surroundings = await openSurroundings(options, context, io);
  try {
    const subject = await openSubject(word, { ...options, keys }, context, io);
    try {
      if (options.attach && subject.attach === undefined) throw nothingToAttachTo(word);
      const request = { ...subject, ...surroundings, ...freshness, keys };
      const report = await verifySubject(request, context.signal);
      if (!options.rebuild && !options.vary) return report;
      const { rebuilt, varied } = await buildAgain(subject.evidence, options, sign, context, io);
      if (options.attach) await subject.attach?.(io);
      const checks = [...settledBy(rebuilt, report.checks), ...rebuilt, ...varied];
      return { ...report, checks };
    } finally {
      await subject.dispose();
    }
  } finally {
    await surroundings.dispose();
  }
}
