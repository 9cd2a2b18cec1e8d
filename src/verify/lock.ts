import { digestOf } from '../base/canonical-json.ts';
import type { JsonRecord } from '../base/json.ts';
import { differences } from '../base/json-differences.ts';
import { unsoundField } from '../lock/check-lock.ts';
import { lockText } from '../lock/lock-file.ts';
import type { Lock } from '../lock/locked.ts';
import type { LockedDebs } from '../packages/deb/locked.ts';
import { readJsonFile } from './json-file.ts';
import { brief, type Check, type Mismatch } from './report.ts';

const file = 'lock.json';

/** Returns the value at a path of dotted names, for instance `debs.packages.3.sha256`. */
const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at as Readonly<Record<string, unknown>> | null)?.[name], value);

/** Returns the packages that name an index which the lock does not have. */
function strayPackages<Locked>(
  field: string,
  packages: readonly Locked[],
  indexOf: (locked: Locked) => string,
  indexes: readonly string[],
): Mismatch[] {
  return packages.flatMap((each, at) => {
    const claimed = indexOf(each);
    if (indexes.includes(claimed)) return [];
    const computed = `one of ${indexes.join(', ')}`;
    return [{ file, field: `${field}[${at}]`, claimed, computed }];
  });
}

const strayDebs = (field: string, { indexes, packages }: LockedDebs): Mismatch[] =>
  strayPackages(
    `${field}.packages`,
    packages,
    ({ suite }) => suite,
    indexes.map(({ suite }) => suite),
  );

/** Compares the values that a lock states twice. */
function inconsistencies({ asked, request, platform, debs, toolchain, apks }: Lock): Mismatch[] {
  const digest = digestOf(asked);
  const stated = (asked as { readonly platform?: unknown }).platform;
  const repositories = apks?.indexes.map(({ repository }) => repository) ?? [];
  const apkSets = [
    ['apks.packages', apks?.packages ?? []],
    ['apks.tools', apks?.tools ?? []],
  ] as const;
  return [
    ...(digest === request ? [] : [{ file, field: 'request', claimed: request, computed: digest }]),
    ...(stated === platform
      ? []
      : [{ file, field: 'platform', claimed: platform, computed: brief(stated) }]),
    ...(debs ? strayDebs('debs', debs) : []),
    ...(toolchain ? strayDebs('toolchain.debs', toolchain.debs) : []),
    ...apkSets.flatMap(([field, all]) =>
      strayPackages(field, all, ({ repository }) => repository, repositories),
    ),
  ];
}

/** Reads lock.json; returns no lock at all if a field of it is invalid. */
export async function readLock(
  path: string,
): Promise<{ readonly lock?: Lock; readonly check: Check }> {
  const { value, mismatches: form } = await readJsonFile(path, file);
  const what = `the form of ${file}`;
  if (value === undefined) return { check: { what, mismatches: form } };
  const field = unsoundField(value);
  if (field !== undefined) {
    const claimed = brief(valueAt(value, field));
    const unsound = { file, field, claimed, computed: 'what a lock can hold there' };
    return { check: { what, mismatches: [...form, unsound] } };
  }
  const { digests, ...fields } = value;
  const lock = fields as unknown as Lock;
  const stray = inconsistencies(lock);
  const computed = (JSON.parse(lockText(lock)) as JsonRecord).digests;
  const changed = differences(digests, computed, 'digests').map((each) => ({ file, ...each }));
  const check = { what, mismatches: [...form, ...stray, ...changed] };
  // Later checks follow each package to its index, which must be there.
  return stray.some((each) => each.field.includes('[')) ? { check } : { lock, check };
}
