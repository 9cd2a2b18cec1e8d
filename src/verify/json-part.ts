import { readFile, stat } from 'node:fs/promises';
import { canonicalJson } from '../base/canonical-json.ts';
import { isRecord } from '../base/json.ts';
import type { FilePart } from '../oci/read-layout.ts';
import { readContent } from '../tar/content.ts';
import type { Mismatch } from './check.ts';

export type JsonRecord = Readonly<Record<string, unknown>>;

/** A JSON file, as far as it could be read, and what is wrong with its form. */
export interface ReadJson {
  readonly value?: JsonRecord;
  readonly text: string;
  readonly mismatches: readonly Mismatch[];
}

/** Where the parser of this Node gave up, as a line and a column of the text. */
function placeOf(error: unknown, text: string): string {
  const at = /position (\d+)/.exec((error as Error).message)?.[1];
  if (at === undefined) return `line ${text.split('\n').length}`;
  const before = text.slice(0, Number(at)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The first line that differs, for a file in another form than the one that there is of it. */
function otherForm(file: string, text: string, expected: string): Mismatch {
  const lines = text.split('\n');
  const ours = expected.split('\n');
  const at = ours.findIndex((line, index) => line !== lines[index]);
  const line = at < 0 ? ours.length : at;
  const shown = (found: string | undefined) =>
    found === undefined ? 'nothing' : JSON.stringify(found.slice(0, 80));
  return {
    file,
    field: `line ${line + 1}`,
    claimed: shown(lines[line]),
    computed: `${shown(ours[line])} (the one form of this JSON)`,
  };
}

/** Parses a file that holds one JSON object; with `canonical`, in its one form and no other. */
export function parseJson(file: string, text: string, canonical: boolean): ReadJson {
  const wrong = (mismatch: Omit<Mismatch, 'file'>) => ({
    text,
    mismatches: [{ file, ...mismatch }],
  });
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) {
      return wrong({
        field: '',
        claimed: JSON.stringify(value).slice(0, 80),
        computed: 'an object',
      });
    }
    // Also where the form is free: what is nested too deeply to be written is refused here.
    const form = canonicalJson(value);
    const isOther = canonical && form !== text;
    return { value, text, mismatches: isOther ? [otherForm(file, text, form)] : [] };
  } catch (error) {
    return wrong({
      field: placeOf(error, text),
      claimed: (error as Error).message,
      computed: 'JSON',
    });
  }
}

/** Text whose bytes are UTF-8 and nothing else, so that no two files read the same. */
function utf8(file: string, bytes: Buffer): { text: string; mismatches: Mismatch[] } {
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return { text, mismatches: [] };
  const line = text.slice(0, text.indexOf('\ufffd')).split('\n').length;
  const mismatch = { file, field: `line ${line}`, claimed: 'other bytes', computed: 'UTF-8' };
  return { text, mismatches: [mismatch] };
}

function fromBytes(file: string, bytes: Buffer, canonical: boolean): ReadJson {
  const { text, mismatches } = utf8(file, bytes);
  const read = parseJson(file, text, canonical);
  return { ...read, mismatches: [...mismatches, ...read.mismatches] };
}

/** Larger manifests and configs are refused by registries too (image-spec and containerd: 4 MiB). */
const largestBlob = 4 * 1024 ** 2;
/** Larger than any bill of materials of an image. */
const largestEvidence = 256 * 1024 ** 2;

function tooLarge(file: string, size: number, most: number): ReadJson {
  const computed = `at most ${most} bytes`;
  return { text: '', mismatches: [{ file, field: 'size', claimed: `${size} bytes`, computed }] };
}

/** A JSON file inside an archive, whose own name `name` stands in messages. */
export async function readJsonPart(part: FilePart, name: string): Promise<ReadJson> {
  if (part.size > largestBlob) return tooLarge(name, part.size, largestBlob);
  return fromBytes(name, await readContent(part), false);
}

/** A JSON file on disk in its one form. */
export async function readJsonFile(path: string, name: string): Promise<ReadJson> {
  const { size } = await stat(path);
  if (size > largestEvidence) return tooLarge(name, size, largestEvidence);
  return fromBytes(name, await readFile(path), true);
}
