import { canonicalJson, type Json } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import { isSha256 } from '../base/hash.ts';
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

/** The result of a step that mkbase ran here; its key hashes all that the result is computed from. */
export interface NodeRecord {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** One word that says what the step does. */
  readonly does: string;
  /** Version of its maker. */
  readonly version: number;
  /** sha256 of the tar of the tree, 64 hexadecimal digits. */
  readonly tree: string;
  /** Bytes of that tar. */
  readonly size: number;
  /** Version of mkbase that made it. */
  readonly mkbase: string;
  /** Facts that the step told besides. */
  readonly facts?: Json;
}

const folder = 'nodes';
const fileOf = (key: string) => `${folder}/${key}.json`;

/** Characters of a record at most; what a step tells besides its tree may be a hostile builder's. */
const longest = 2 * 1024 ** 2;

const isText = (value: unknown): value is string => typeof value === 'string';
const isDigest = (value: unknown): boolean => isText(value) && isSha256(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const members: RecordMembers<NodeRecord> = {
  format: (value) => value === format,
  key: isDigest,
  does: isText,
  version: isCount,
  tree: isDigest,
  size: isCount,
  mkbase: isText,
  facts: () => true,
};

/**
 * Returns what is remembered of the node with a key; undefined when that is nothing, or damaged. `state`
 * is the state folder. IO for a record that another user could have written.
 */
export async function knownNode(state: string, key: string): Promise<NodeRecord | undefined> {
  const text = await readState(state, fileOf(key));
  return text === undefined ? undefined : parseRecord(text, key, members);
}

/** Remembers a node in place of what was remembered of its key. Errors: NO_SPACE, IO. */
export async function rememberNode(state: string, record: NodeRecord): Promise<void> {
  const text = canonicalJson({ format, ...record });
  if (text.length > longest) {
    throw new MkbaseError({
      code: 'IO',
      message: `The step told ${text.length} characters besides its result; at most ${longest} are remembered.`,
    });
  }
  await writeState(state, fileOf(record.key), text);
}

/** Notes that a node was used at `now`. Errors: IO. */
export const touchNode = (state: string, key: string, now: Date): Promise<void> =>
  touchState(state, fileOf(key), now);

/** A remembered node, and when it was used last, milliseconds since 1970. */
export interface UsedNode {
  readonly record: NodeRecord;
  readonly used: number;
}

/** Lists what is remembered by the names of its files; undefined for a file that is no record. */
export async function knownNodes(state: string): Promise<Map<string, UsedNode | undefined>> {
  const nodes = new Map<string, UsedNode | undefined>();
  for (const name of await listState(state, folder)) {
    const record = await knownNode(state, name.replace(/\.json$/, ''));
    const used = await stateTime(state, `${folder}/${name}`);
    nodes.set(name, record && { record, used });
  }
  return nodes;
}

/** Forgets what a file in the folder of nodes remembers. Errors: IO. */
export const forgetNode = (state: string, name: string): Promise<void> =>
  removeState(state, `${folder}/${name}`);
