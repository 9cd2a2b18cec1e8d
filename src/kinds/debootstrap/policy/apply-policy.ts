import { type ByteString, toByteString } from '../../../base/byte-string.ts';
import type { LeftOut } from '../../../rootfs/left-out.ts';
import { readContent } from '../../../tar/content.ts';
import type { Entry } from '../../../tar/entry.ts';
import { type PolicyContext, policyFor, type Rule } from './policy.ts';

type FileEntry = Extract<Entry, { type: 'file' }>;
type Hardlink = Extract<Entry, { type: 'hardlink' }>;

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** Returns a rule's path as a pattern; rules are part of mkbase, so no pattern is slow. */
function pattern(path: string): string {
  return path
    .split('/')
    .map((part, index, { length }) => {
      if (part !== '**')
        return literal(part).replaceAll('*', '[^/]*') + (index < length - 1 ? '/' : '');
      return index < length - 1 ? '(?:[^/]+/)*' : '.+';
    })
    .join('');
}

/** Returns a test for paths that a rule is about; a rule that removes a path removes all beneath. */
export function concerns(rule: Rule): (path: ByteString) => boolean {
  const beneath = 'remove' in rule ? '(?:/.*)?' : '';
  const matcher = new RegExp(`^(?:${rule.paths.map(pattern).join('|')})${beneath}$`, 's');
  return (path) => matcher.test(path);
}

/** Returns the entries without some paths; of a file with several names, those that are not removed stay. */
function without(entries: readonly Entry[], removed: (path: ByteString) => boolean): Entry[] {
  const heirs = new Map<ByteString, ByteString>();
  const gone = new Map(
    entries.filter(({ path }) => removed(path)).map((entry) => [entry.path, entry]),
  );
  const settle = (link: Hardlink): Entry => {
    const first = gone.get(link.target);
    if (first === undefined) return link;
    const heir = heirs.get(link.target);
    if (heir !== undefined) return { ...link, target: heir };
    heirs.set(link.target, link.path);
    return { ...first, path: link.path };
  };
  return entries
    .filter(({ path }) => !gone.has(path))
    .map((entry) => (entry.type === 'hardlink' ? settle(entry) : entry));
}

const withBytes = (entry: FileEntry, bytes: Uint8Array): FileEntry => ({
  ...entry,
  size: bytes.length,
  content: { bytes },
});

async function edited(
  entries: readonly Entry[],
  concerned: (path: ByteString) => boolean,
  edit: (text: string) => string,
  epoch: number,
): Promise<Entry[]> {
  const result: Entry[] = [];
  for (const entry of entries) {
    if (entry.type !== 'file' || !concerned(entry.path)) {
      result.push(entry);
      continue;
    }
    const text = (await readContent(entry.content)).toString('latin1');
    const changed = edit(text);
    const same = changed === text;
    result.push(
      same ? entry : { ...withBytes(entry, Buffer.from(changed, 'latin1')), mtime: epoch },
    );
  }
  return result;
}

function emptied(
  entries: readonly Entry[],
  concerned: (path: ByteString) => boolean,
  mode: number | undefined,
  mtime: number,
): Entry[] {
  return entries.map((entry) => {
    if (entry.type !== 'file' || !concerned(entry.path)) return entry;
    return { ...withBytes(entry, new Uint8Array()), mode: mode ?? entry.mode, mtime };
  });
}

/** Puts a file in place of what was there, and adds the folders above it where these are missing. */
function written(entries: readonly Entry[], file: FileEntry): Entry[] {
  const there = new Set(entries.map(({ path }) => path));
  const parts = file.path.split('/').slice(0, -1);
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const { uid, gid, mtime, xattrs } = file;
  return [
    ...without(entries, (path) => path === file.path),
    ...folders
      .filter((path) => !there.has(path))
      .map((path): Entry => ({ type: 'directory', path, mode: 0o755, uid, gid, mtime, xattrs })),
    file,
  ];
}

async function applyRule(
  rule: Rule,
  entries: readonly Entry[],
  context: PolicyContext,
): Promise<readonly Entry[]> {
  const concerned = concerns(rule);
  const { epoch } = context;
  if ('remove' in rule) return without(entries, concerned);
  if ('empty' in rule) return emptied(entries, concerned, rule.mode, epoch);
  if ('edit' in rule) return edited(entries, concerned, (text) => rule.edit(text, context), epoch);
  const bytes = Buffer.from(rule.write(context, entries));
  const common = {
    uid: 0,
    gid: 0,
    mtime: epoch,
    xattrs: [],
    size: bytes.length,
    content: { bytes },
  };
  return rule.paths.reduce<readonly Entry[]>(
    (all, path) =>
      written(all, { ...common, type: 'file', path: toByteString(path), mode: rule.mode }),
    entries,
  );
}

/** Applies the policy to what debootstrap and apt made; paths begin at the new root. */
export async function applyPolicy(
  made: readonly Entry[],
  context: PolicyContext,
): Promise<Entry[]> {
  let entries = made;
  for (const rule of policyFor(context.source.distro)) {
    entries = await applyRule(rule, entries, context);
  }
  return [...entries];
}

/** Lists the paths that a rule removes from a tree and that a program may miss, each with the rule's reason. */
export function missedPaths(
  made: readonly Entry[],
  { source }: Pick<PolicyContext, 'source'>,
): LeftOut[] {
  const rules = policyFor(source.distro).filter(({ missed }) => missed === true);
  return rules.flatMap((rule) => {
    const concerned = concerns(rule);
    const removed = made.filter(({ path, type }) => type !== 'directory' && concerned(path));
    return removed.map(({ path }) => ({ path, reason: rule.reason }));
  });
}
