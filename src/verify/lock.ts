import { digestOf } from '../base/canonical-json.ts';
import type { JsonRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { lockProblems, lockText } from '../lock/lock-file.ts';
import type { Lock } from '../lock/schema.ts';
import { readJsonFile } from './json-file.ts';
import { brief, type Check, type Mismatch } from './report.ts';

const file = 'lock.json';

/** Returns what stands at a path of dotted names, for instance `from.debs.packages.3.sha256`. */
const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | null)?.[name], value);

/** Compares what a lock says of itself twice. */
function inconsistencies({ asked, request, platform }: Lock): Mismatch[] {
  const digest = digestOf(asked);
  const stated = (asked as { readonly platform?: unknown }).platform;
  return [
    ...(digest === request ? [] : [{ file, field: 'request', claimed: request, computed: digest }]),
    ...(stated === platform
      ? []
      : [{ file, field: 'platform', claimed: platform, computed: brief(stated) }]),
  ];
}

/** Reads lock.json; returns no lock at all if a field of it is invalid. */
export async function readLock(
  path: string,
): Promise<{ readonly lock?: Lock; readonly check: Check }> {
  const { value, mismatches: form } = await readJsonFile(path, file);
  const what = `the form of ${file}`;
  if (value === undefined) return { check: { what, mismatches: form } };
  const { digests, ...fields } = value;
  const unsound = lockProblems(fields).map(({ field, problem }) => {
    const claimed = brief(valueAt(value, field));
    return { file, field, claimed, computed: problem };
  });
  if (unsound.length > 0) return { check: { what, mismatches: [...form, ...unsound] } };
  const lock = fields as unknown as Lock;
  const computed = (JSON.parse(lockText(lock)) as JsonRecord).digests;
  const changed = differences(digests, computed, 'digests').map((each) => ({ file, ...each }));
  return { lock, check: { what, mismatches: [...form, ...inconsistencies(lock), ...changed] } };
}
