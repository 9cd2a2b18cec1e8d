import { isUtf8 } from 'node:buffer';
import { canonicalJson } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { readRegular } from '../base/regular-file.ts';
import { ambiguityIn } from '../base/unambiguous-json.ts';
import { mostBytesOf } from '../evidence/file-limits.ts';
import type { FilePart } from '../oci/archive-files.ts';
import { readContent } from '../tar/content.ts';
import type { Mismatch } from './report.ts';

/** A JSON file, as far as it could be read, and everything that is wrong with its form. */
export interface ReadJson {
  readonly value?: JsonRecord;
  readonly text: string;
  readonly mismatches: readonly Mismatch[];
}

/** Returns the line and column of the text at which Node's parser gave up. */
function placeOf(error: unknown, text: string): string {
  const at = /position (\d+)/.exec((error as Error).message)?.[1];
  if (at === undefined) return `line ${text.split('\n').length}`;
  const before = text.slice(0, Number(at)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Returns the first line in which a file differs from its canonical form. */
function notCanonical(file: string, text: string, canonical: string): Mismatch {
  const lines = text.split('\n');
  const expected = canonical.split('\n');
  const at = expected.findIndex((line, index) => line !== lines[index]);
  const line = at < 0 ? expected.length : at;
  const shown = (found: string | undefined) =>
    found === undefined ? 'nothing' : JSON.stringify(found.slice(0, 80));
  return {
    file,
    field: `line ${line + 1}`,
    claimed: shown(lines[line]),
    computed: `${shown(expected[line])} (the one form of this JSON)`,
  };
}

/** Parses a file that holds one JSON object; with `canonical`, refuses any form but `canonicalJson`'s. */
export function parseJson(file: string, text: string, canonical: boolean): ReadJson {
  const wrong = (mismatch: Omit<Mismatch, 'file'>) => ({
    text,
    mismatches: [{ file, ...mismatch }],
  });
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) {
      const claimed = JSON.stringify(value).slice(0, 80);
      return wrong({ field: '', claimed, computed: 'an object' });
    }
    // Written even where any form will do: that refuses JSON which is nested too deeply to be written.
    const form = canonicalJson(value);
    const differs = canonical && form !== text;
    const ambiguity = canonical ? undefined : ambiguityIn(text);
    if (ambiguity !== undefined) {
      const { field, problem } = ambiguity;
      return wrong({ field, claimed: `a part that ${problem}`, computed: 'JSON with one meaning' });
    }
    return { value, text, mismatches: differs ? [notCanonical(file, text, form)] : [] };
  } catch (error) {
    const claimed = (error as Error).message;
    return wrong({ field: placeOf(error, text), claimed, computed: 'JSON' });
  }
}

/** Decodes UTF-8 and refuses any other bytes, so that no two files read the same. */
function utf8(file: string, bytes: Buffer): { text: string; mismatches: Mismatch[] } {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return { text, mismatches: [] };
  const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
  const mismatch = { file, field: `line ${line}`, claimed: 'other bytes', computed: 'UTF-8' };
  return { text, mismatches: [mismatch] };
}

function fromBytes(file: string, bytes: Buffer, canonical: boolean): ReadJson {
  const { text, mismatches } = utf8(file, bytes);
  const read = parseJson(file, text, canonical);
  return { ...read, mismatches: [...mismatches, ...read.mismatches] };
}

/** Registries, too, refuse larger manifests and configs (image-spec and containerd: 4 MiB). */
const largestBlob = 4 * 1024 ** 2;

function tooLarge(file: string, size: number, most: number): ReadJson {
  const computed = `at most ${most} bytes`;
  return { text: '', mismatches: [{ file, field: 'size', claimed: `${size} bytes`, computed }] };
}

/** Reads a JSON file inside an archive, in any form. `name` stands for it in messages. */
export async function readJsonPart(part: FilePart, name: string): Promise<ReadJson> {
  if (part.size > largestBlob) return tooLarge(name, part.size, largestBlob);
  return fromBytes(name, await readContent(part), false);
}

/** Reads a JSON file on disk, which must have its canonical form. `name` stands for it in messages. */
export async function readJsonFile(path: string, name: string): Promise<ReadJson> {
  try {
    const bytes = await readRegular(path, { most: mostBytesOf(name) });
    return fromBytes(name, bytes ?? Buffer.alloc(0), true);
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    const mismatch = { file: name, field: '', claimed: error.message, computed: 'a file to read' };
    return { text: '', mismatches: [mismatch] };
  }
}
