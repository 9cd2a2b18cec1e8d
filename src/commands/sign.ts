import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { shellWord } from '../base/shell-word.ts';
import { shortPath } from '../ui/text.ts';
import { type Mismatch, mismatchesOf } from '../verify/report.ts';
import type { CommandContext } from './command-context.ts';
import { type OpenSigner, openSigner, type SignSpec } from './sign/open-signer.ts';
import type { Subject } from './verify/look.ts';

/** Options of `sign`. */
export interface SignOptions {
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly keyless?: true;
  /** Values of `--replaces`: public keys, as parseKeyOption reads them. */
  readonly replaces?: readonly string[];
  readonly generateKey?: string;
  /** Repeated flags; undefined when there is none. */
  readonly insecureRegistry?: readonly string[];
  readonly json?: true;
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

function specOf({ key, passphraseFile, keyless }: SignOptions): SignSpec {
  if (keyless && key === undefined) return { by: 'identity' };
  if (key !== undefined && !keyless) {
    return { by: 'key', key, ...(passphraseFile !== undefined && { passphraseFile }) };
  }
  throw usage(
    keyless
      ? 'Expected either --key or --keyless, found both.'
      : 'It is not said with what to sign.',
    'Say --key FILE, or --keyless; `mkbase sign --generate-key FILE` makes a pair of keys.',
  );
}

const line = ({ file, field, claimed, computed }: Mismatch): string =>
  `${file}${field === '' ? '' : ` ${field}`}: claimed ${claimed}, computed ${computed}`;

/** Refuses to vouch for what is not as it was built. Throws MISMATCH. */
function refuse(word: string, mismatches: readonly Mismatch[]): void {
  const [first] = mismatches;
  if (first === undefined) return;
  const more = mismatches.length > 1 ? ` and ${mismatches.length - 1} more` : '';
  throw new MkbaseError({
    code: 'MISMATCH',
    message: `${word} is not as it was built, and nothing was signed: ${line(first)}${more}.`,
    hint: `\`mkbase verify ${shellWord(word)}\` lists everything; build again to have it as it was.`,
  });
}

/** Verifies everything that a word names; `use` is given it, with its folder of evidence. */
async function withVerified<T>(
  word: string,
  { insecureRegistry = [] }: SignOptions,
  context: CommandContext,
  io: Io,
  use: (subject: Subject, folder: string) => Promise<T>,
): Promise<T> {
  const [{ openSubject }, { openSurroundings }, { verify }] = await Promise.all([
    import('./verify/subject.ts'),
    import('./verify/surroundings.ts'),
    import('../verify/verify.ts'),
  ]);
  const surroundings = await openSurroundings({}, context, io);
  try {
    const subject = await openSubject(word, { engine: 'auto', insecureRegistry }, context, io);
    try {
      const report = await verify({ ...subject, ...surroundings }, context.signal);
      refuse(word, mismatchesOf(report));
      if (subject.evidence !== undefined) return await use(subject, subject.evidence);
    } finally {
      await subject.dispose();
    }
  } finally {
    await surroundings.dispose();
  }
  throw usage(
    `There is no evidence beside ${word} to sign.`,
    'Name the output folder of a build, for instance mkbase-out/hello, or an image that was pushed with its evidence.',
  );
}

/** Refuses to sign again what none of the keys given has signed. Throws MISMATCH, USAGE. */
async function requireSigned(word: string, folder: string, options: readonly string[] = []) {
  if (options.length === 0) return;
  const [{ loadVerificationKeys }, { verifyByOneOf }] = await Promise.all([
    import('../sign/keys/verification-key.ts'),
    import('../sign/verify-signatures.ts'),
  ]);
  const [first, ...others] = await loadVerificationKeys(options);
  if (first === undefined) return;
  const { problems } = await verifyByOneOf(folder, [first, ...others]);
  const [problem] = problems;
  if (problem === undefined) return;
  throw new MkbaseError({
    code: 'MISMATCH',
    message: `${word} is not signed by a key that --replaces names, and nothing was signed: ${line(problem)}.`,
    hint: `\`mkbase verify ${shellWord(word)} --key FILE\` lists everything. Build again where nobody vouches for it.`,
  });
}

/** Signs the evidence of a build; that of an image in a registry is attached to it, with the signatures. */
const signedEvidence = (
  word: string,
  signer: OpenSigner,
  options: SignOptions,
  context: CommandContext,
  io: Io,
) =>
  withVerified(word, options, context, io, async (subject, folder) => {
    await requireSigned(word, folder, options.replaces);
    const { signFolder } = await import('../sign/sign-folder.ts');
    const files = (await signFolder(folder, signer.sign)).map(({ name }) => name);
    await subject.attach?.(io);
    return { folder: subject.attach ? subject.subject : folder, files };
  });

/** Signs a lock by its path; undefined for a word that names none. Errors: LOCK_INVALID, USAGE. */
async function signedLock(word: string, signer: OpenSigner, options: SignOptions, cwd: string) {
  const path = resolve(cwd, word);
  const isFile = await stat(path).then(
    (found) => found.isFile() && word.endsWith('.json'),
    () => false,
  );
  if (!isFile) return undefined;
  if (options.keyless) throw usage('A lock is signed with a key.', 'Say --key FILE.');
  const [{ readLock }, { signLock }] = await Promise.all([
    import('../lock/lock-file.ts'),
    import('../sign/sign-lock.ts'),
  ]);
  const lock = await readLock(path);
  const file = lock && (await signLock(path, lock, signer.sign));
  return file === undefined ? undefined : { folder: dirname(file), files: [basename(file)] };
}

/** `mkbase sign`: verifies a build's evidence and signs it, or makes a pair of keys to sign with. */
export async function sign(
  word: string | undefined,
  options: SignOptions,
  context: CommandContext,
): Promise<number> {
  const { generateKey: file, passphraseFile } = options;
  if (file !== undefined) {
    if (word !== undefined) throw usage('--generate-key signs nothing.', 'Sign in a second step.');
    return (await import('./sign/generate.ts')).generate(file, passphraseFile, context);
  }
  if (word === undefined) {
    throw usage('It is not said what to sign.', 'Name an output folder: mkbase-out/hello.');
  }
  const { stdout, stderr, env, signal } = context;
  // cosign may have something to say to the person at the terminal: an address to open, for instance.
  const emit: Io['emit'] = (event) => {
    if (event.type === 'log') stderr.write(`${event.line}\n`);
  };
  const signer = await openSigner(specOf(options), env, { emit, signal });
  try {
    const { folder, files } =
      (await signedLock(word, signer, options, context.cwd)) ??
      (await signedEvidence(word, signer, options, context, { emit, signal }));
    const shown = shortPath(folder, context.cwd);
    const text = `Signed ${shown} with ${signer.called}:\n${files.map((name) => `  ${name}\n`).join('')}`;
    stdout.write(options.json ? `${JSON.stringify({ folder, files })}\n` : text);
    return 0;
  } finally {
    await signer.dispose();
  }
}
