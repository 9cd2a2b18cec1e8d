import { MkbaseError } from '../base/errors.ts';
import type { Warning } from '../base/events.ts';
import { columnsOf, type Palette, paletteOf, type Screen } from './screen.ts';
import { manyLines, oneLine, wrap } from './text.ts';

/** Causes are shown to this depth; below it there is nothing that a person could act on. */
const deepest = 3;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the messages of the causes that the message above does not already repeat. */
function causesOf(error: MkbaseError): string[] {
  const causes: string[] = [];
  let said = error.message;
  let cause: unknown = error.cause;
  for (let depth = 0; depth < deepest && cause !== undefined; depth++) {
    const message = messageOf(cause).trim();
    if (message !== '' && !said.includes(message)) causes.push(message);
    said += message;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** Tells whether the working folder was removed while the process was in it. */
const hasNoFolder = (error: unknown): boolean =>
  error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'uv_cwd';

const noFolder = () =>
  new MkbaseError({
    code: 'IO',
    message: 'The folder that this runs in does not exist any more.',
    hint: 'Go to one that does, for instance with "cd", and run the same command again.',
  });

/** Returns the error as a person sees it: a defect names nothing of theirs, for nothing of theirs is wrong. */
export function asMkbaseError(error: unknown): MkbaseError {
  if (error instanceof MkbaseError) return error;
  if (hasNoFolder(error)) return noFolder();
  const name = error instanceof Error ? error.name : typeof error;
  return new MkbaseError({
    code: 'INTERNAL',
    message: `This is a defect in mkbase: ${name}: ${messageOf(error)}`,
    hint: 'Run the same command with MKBASE_DEBUG=1 and report what it prints.',
    cause: error,
  });
}

/** Returns the stack of a defect, or of the cause of anything else. */
function stackOf(error: MkbaseError): string {
  const source = error.code === 'INTERNAL' && error.cause !== undefined ? error.cause : error;
  return source instanceof Error ? (source.stack ?? '') : '';
}

export interface ErrorTextOptions {
  readonly palette: Palette;
  readonly columns: number;
  /** Adds stacks, for whoever mends mkbase. */
  readonly debug: boolean;
}

/** Returns `hint: …` over as many lines as it takes, indented below its own first word. */
function labelled(label: string, text: string, columns: number): string {
  const lines = wrap(text, columns - label.length - 2);
  return `${label}: ${lines.join(`\n${' '.repeat(label.length + 2)}`)}`;
}

/**
 * Returns an error as people read it: `error:` with the message as it is, the causes that it does not
 * mention, `hint:` with what to do, and the code that scripts and documentation know it by.
 */
export function errorText(error: unknown, options: ErrorTextOptions): string {
  const { palette, columns, debug } = options;
  const known = asMkbaseError(error);
  const lines = [`${palette.bold(palette.red('error:'))} ${manyLines(known.message)}`];
  if (known.code !== 'INTERNAL') {
    for (const cause of causesOf(known)) {
      lines.push(palette.dim(labelled('cause', manyLines(cause), columns)));
    }
  }
  if (known.hint !== undefined) {
    const hint = labelled('hint', manyLines(known.hint), columns);
    lines.push(palette.cyan('hint:') + hint.slice('hint:'.length));
  }
  if (known.code !== 'INTERRUPTED') lines.push(palette.dim(`code: ${known.code}`));
  if (debug) lines.push(palette.dim(stackOf(known)));
  return `${lines.join('\n')}\n`;
}

/** Writes an error for people. */
export function writeError(stderr: Screen, env: NodeJS.ProcessEnv, error: unknown): void {
  stderr.write(
    errorText(error, {
      palette: paletteOf(stderr, env),
      columns: columnsOf(stderr),
      debug: env.MKBASE_DEBUG === '1',
    }),
  );
}

/** Writes a warning for people, outside a build. */
export function writeWarning(stderr: Screen, env: NodeJS.ProcessEnv, warning: Warning): void {
  const palette = paletteOf(stderr, env);
  stderr.write(`${palette.yellow('warning:')} ${oneLine(warning.message)}\n`);
  if (warning.advice !== undefined) stderr.write(`         ${oneLine(warning.advice)}\n`);
}
