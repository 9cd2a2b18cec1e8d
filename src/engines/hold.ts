import type { MkbaseError } from '../base/errors.ts';

/** A shell that is opened for a person in the place in which a step has stopped. */
export interface Hold {
  /** The program that becomes the shell. It is run in the step's surroundings, behind the same walls. */
  readonly argv: readonly [string, ...string[]];
  /** The reason for which the step stops: it is ready, or it has failed. */
  readonly when: 'ready' | 'failed';
  /** The kind of terminal that mkbase runs on, as TERM says it. */
  readonly terminal: string;
  /** Called before the shell gets the terminal, with the step's failure if it failed. */
  before(failure: MkbaseError | undefined): Promise<void>;
  /** Told the exit code of the shell once it was left, or 1 where none could be opened. */
  after(exitCode: number): void;
}

/** Begins the line of a step's log that says that it has stopped to be entered; its exit code follows. */
const mark = 'mkbase-held: ';

/**
 * Shell functions of a step that can be entered: `hold CODE` stops it for as long as nobody ends it. Reading
 * the master side of a terminal that nothing opens lasts for ever, and needs no program, of which a tree
 * may have none.
 */
export const holdFunction = `hold() {
  printf '${mark}%s\\n' "$1" >&2
  read -r never </dev/ptmx || :
}`;

/** Makes a step's shell stop where it fails, with everything as it then is. */
export const holdOnFailure = `${holdFunction}
trap 'code=$?; if [ "$code" -ne 0 ]; then hold "$code"; fi; exit "$code"' EXIT
`;

/**
 * Reads the exit code of a step that has stopped from a line of its log; undefined for any other line. A
 * program of the step can print such a line, too: one that says of a step which stops only where it fails that
 * it has not is none.
 */
export function heldCode(line: string, when: Hold['when']): number | undefined {
  const text = line.startsWith(mark) ? line.slice(mark.length) : '';
  if (!/^[0-9]{1,3}$/.test(text)) return undefined;
  const code = Number(text);
  return (code === 0) === (when === 'ready') ? code : undefined;
}
