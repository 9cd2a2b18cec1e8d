import { MkbaseError } from '../../src/base/errors.ts';
import type { Reader } from './reader.ts';

/** How the reading of an input ended; `problem` is what should not have happened. */
export interface Verdict {
  readonly accepted: boolean;
  readonly meaning?: unknown;
  readonly problem?: string;
}

/** Milliseconds of processor time that no input may take. */
export const slow = 1000;

const refused: Verdict = { accepted: false };

function verdictOf(reader: Reader, error: unknown): Verdict {
  if (error instanceof MkbaseError && error.code !== 'INTERNAL') return refused;
  if (reader.refuses?.(error)) return refused;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { accepted: false, problem: told };
}

/** Reads an input: it is accepted, or refused with a coded error; anything else is a problem. */
export async function judge(reader: Reader, input: Buffer): Promise<Verdict> {
  try {
    const meaning = await reader.read(Buffer.from(input));
    return meaning === undefined ? refused : { accepted: true, meaning };
  } catch (error) {
    return verdictOf(reader, error);
  }
}

async function cpuTimeOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Reads an input as `judge` does; too much processor time, three times in a row, is a problem as well. */
export async function judgeTimed(reader: Reader, input: Buffer): Promise<Verdict> {
  let verdict = refused;
  const times: number[] = [];
  do {
    times.push(
      await cpuTimeOf(async () => {
        verdict = await judge(reader, input);
      }),
    );
  } while (times.at(-1)! > slow && times.length < 3);
  if (Math.min(...times) <= slow) return verdict;
  const problem = `It took ${Math.round(Math.min(...times))} ms of processor time.`;
  return { ...verdict, problem: verdict.problem ?? problem };
}
