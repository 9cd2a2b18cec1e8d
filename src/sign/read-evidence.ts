import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { readRegular } from '../base/regular-file.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import { type Statement, statementType } from '../evidence/provenance/statement.ts';

const notEvidence = (path: string, problem: string, cause?: unknown): MkbaseError =>
  new MkbaseError({
    code: 'USAGE',
    message: `${path} ${problem}.`,
    hint: 'Name the folder that a build wrote its evidence to, for instance mkbase-out/hello; build again where it is damaged.',
    cause,
  });

/** Reads the text of a file of evidence; undefined when there is none. Errors: IO, also for a link. */
export async function readEvidence(folder: string, name: string): Promise<string | undefined> {
  const bytes = await readRegular(join(folder, name), { most: mostBytesOf(name) });
  return bytes?.toString('utf8');
}

/** Reads the text of a file of evidence that must be there. Errors: IO, USAGE. */
export async function requireEvidence(folder: string, name: string): Promise<string> {
  const text = await readEvidence(folder, name);
  if (text === undefined) throw notEvidence(join(folder, name), 'is not there');
  return text;
}

/** Parses the JSON object in a file of evidence. Errors: USAGE. */
export function parseEvidence(text: string, path: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
    throw new SyntaxError('it holds no object');
  } catch (error) {
    throw notEvidence(path, `is no JSON: ${(error as Error).message}`, error);
  }
}

/** Parses the statement in a file of evidence. Errors: USAGE. */
export function parseStatement(text: string, path: string): Statement {
  const value = parseEvidence(text, path) as Partial<Statement>;
  const named = (each: unknown) =>
    typeof (each as { digest?: { sha256?: unknown } } | null)?.digest?.sha256 === 'string';
  if (value._type !== statementType) throw notEvidence(path, `is no statement of ${statementType}`);
  if (!Array.isArray(value.subject) || !value.subject.every(named)) {
    throw notEvidence(path, 'names no subject by its sha256');
  }
  return value as Statement;
}
