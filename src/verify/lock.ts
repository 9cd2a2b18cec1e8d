import { digestOf } from '../base/canonical-json.ts';
import { type JsonRecord, record } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { kindOf } from '../kinds/kinds.ts';
import { lockProblems, lockText } from '../lock/lock-file.ts';
import type { Lock } from '../lock/schema.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import { readJsonFile } from './json-file.ts';
import { brief, type Check, type Mismatch } from './report.ts';

const file = 'lock.json';

/** Returns what stands at a path of dotted names, for instance `from.debs.packages.3.sha256`. */
const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | null)?.[name], value);

/** Returns the date of what a part of a lock pins; undefined for a kind without one. */
const dateOf = (from: From): number | undefined => kindOf(from).date(sourceOf(from));

/** Computes the epochs from what was asked for and from the dates of the indexes, as a lock is made. */
function wrongEpochs({ asked, epoch, from, toolchain }: Lock): Mismatch[] {
  const own = record(asked);
  const ofBuilder = record(own.toolchain);
  const builder = toolchain && (ofBuilder.epoch ?? dateOf(toolchain.from) ?? 0);
  const computed = {
    epoch: own.epoch ?? dateOf(from) ?? builder ?? 0,
    ...(toolchain && { toolchain: { epoch: builder } }),
  };
  const claimed = { epoch, ...(toolchain && { toolchain: { epoch: toolchain.epoch } }) };
  return differences(claimed, computed).map((each) => ({ file, ...each }));
}

/** Compares what a lock says of itself twice. */
function inconsistencies(lock: Lock): Mismatch[] {
  const { asked, request, platform } = lock;
  const digest = digestOf(asked);
  const stated = (asked as { readonly platform?: unknown }).platform;
  return [
    ...(digest === request ? [] : [{ file, field: 'request', claimed: request, computed: digest }]),
    ...(stated === platform
      ? []
      : [{ file, field: 'platform', claimed: platform, computed: brief(stated) }]),
    ...wrongEpochs(lock),
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
