import { canonicalJson } from '../base/canonical-json.ts';
import { isSha256 } from '../base/hash.ts';
import { isRecord } from '../base/json.ts';
import {
  listState,
  readState,
  removeState,
  stateTime,
  touchState,
  writeState,
} from '../store/state-folder.ts';
import { parseRecord, type RecordMembers } from '../store/state-record.ts';

/** Version of the form of a record; a record of another version is not known. */
const format = 1;

/** A locked input that went into a builder. */
export interface BuilderInput {
  readonly name: string;
  readonly version?: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * The provenance of a builder that mkbase made: its inputs and its result. The key hashes all that the
 * tree is computed from, so that one record stands for the builder on every engine.
 */
export interface BuilderRecord {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly key: string;
  readonly platform: string;
  /** sha256 of the canonical tar of its tree, 64 hexadecimal digits. */
  readonly tree: string;
  /** Seconds since 1970: nothing in the tree is later. */
  readonly epoch: number;
  /** Version of mkbase that made it. */
  readonly mkbase: string;
  readonly inputs: readonly BuilderInput[];
}

const folder = 'builders';
const fileOf = (key: string) => `${folder}/${key}.json`;

const isText = (value: unknown): value is string => typeof value === 'string';
const isDigest = (value: unknown): value is string => isText(value) && isSha256(value);

const isInput = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value.name) &&
  (value.version === undefined || isText(value.version)) &&
  isDigest(value.sha256);

/** Checks each member of a record; a member too many or too few makes it another thing. */
const members: RecordMembers<BuilderRecord> = {
  format: (value) => value === format,
  name: isText,
  key: isDigest,
  platform: isText,
  tree: isDigest,
  epoch: Number.isSafeInteger,
  mkbase: isText,
  inputs: (value) => Array.isArray(value) && value.every(isInput),
};

/**
 * Returns what mkbase remembers of the builder with a key; undefined when that is nothing, or damaged.
 * `state` is the state folder. IO for a record that another user could have written.
 */
export async function knownBuilder(state: string, key: string): Promise<BuilderRecord | undefined> {
  const text = await readState(state, fileOf(key));
  return text === undefined ? undefined : parseRecord(text, key, members);
}

/** Lists all builders that mkbase remembers, by key. Errors: IO. */
export async function knownBuilders(state: string): Promise<BuilderRecord[]> {
  const keys = (await listState(state, folder)).map((name) => name.replace(/\.json$/, ''));
  const records = await Promise.all(keys.map((key) => knownBuilder(state, key)));
  return records.filter((record) => record !== undefined);
}

/** Notes that a builder was used at `now`. Errors: IO. */
export const touchBuilder = (state: string, key: string, now: Date): Promise<void> =>
  touchState(state, fileOf(key), now);

/** Lists the remembered builders of a name, the one used last first. Errors: IO. */
export async function usedBuilders(state: string, name: string): Promise<BuilderRecord[]> {
  const found = (await knownBuilders(state)).filter((record) => record.name === name);
  const used = await Promise.all(found.map(({ key }) => stateTime(state, fileOf(key))));
  return found
    .map((record, at) => ({ record, used: used[at] ?? 0 }))
    .sort((a, b) => b.used - a.used)
    .map(({ record }) => record);
}

/** Forgets one builder. Errors: IO. */
export const forgetBuilder = (state: string, key: string): Promise<void> =>
  removeState(state, fileOf(key));

/** Remembers a builder in place of what was remembered of its key. Errors: NO_SPACE, IO. */
export const rememberBuilder = (state: string, record: BuilderRecord): Promise<void> =>
  writeState(state, fileOf(record.key), canonicalJson({ format, ...record }));

/**
 * Forgets every builder whose key is not in `keep`, and records that are damaged. Resolves to how many
 * records are gone. Errors: IO.
 */
export async function forgetBuilders(state: string, keep: ReadonlySet<string>): Promise<number> {
  const kept = (await knownBuilders(state)).filter(({ key }) => keep.has(key));
  const names = new Set(kept.map(({ key }) => `${key}.json`));
  const gone = (await listState(state, folder)).filter((name) => !names.has(name));
  for (const name of gone) await removeState(state, `${folder}/${name}`);
  return gone.length;
}
