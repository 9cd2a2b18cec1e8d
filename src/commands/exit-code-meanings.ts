import { type ErrorCode, exitCodes } from '../base/errors.ts';

/** What each exit code says, for help and documentation; the codes themselves are in errors.ts. */
const meanings: Readonly<Record<number, string>> = {
  0: 'Done.',
  1: 'A defect in mkbase.',
  2: 'The command line is wrong.',
  3: 'The recipe is missing or wrong.',
  4: 'An input could not be had, or cannot be trusted.',
  5: 'No engine can work here, or the engine failed.',
  6: 'The build failed, or its result was refused.',
  7: 'The engine stored something other than what was built.',
  8: 'A smoke test failed.',
  9: 'No space left, or a file could not be read or written.',
  10: 'The lock is missing, damaged, or for something else than the recipe asks for.',
  11: 'What was verified is not as claimed, or what was compared differs.',
  12: 'The image is not what a policy asks for.',
  130: 'Stopped by Ctrl-C; 143 when stopped by SIGTERM.',
};

export interface ExitCodeMeaning {
  readonly exitCode: number;
  readonly meaning: string;
  readonly codes: readonly ErrorCode[];
}

/** Every exit code in ascending order, with the error codes that lead to it. */
export function exitCodeMeanings(): ExitCodeMeaning[] {
  const all = Object.entries(exitCodes) as [ErrorCode, number][];
  const numbers = [...new Set([0, ...all.map(([, exitCode]) => exitCode)])].sort((a, b) => a - b);
  return numbers.map((exitCode) => ({
    exitCode,
    meaning: meanings[exitCode] ?? '',
    codes: all.filter(([, number]) => number === exitCode).map(([code]) => code),
  }));
}
