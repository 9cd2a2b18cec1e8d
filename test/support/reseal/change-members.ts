import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../../src/base/hash.ts';
import { list, record } from '../../../src/base/json.ts';
import type { Entry } from '../../../src/tar/entry.ts';
import type { ChangeKind } from './changes.ts';
import { archiveName, bytesOf, parsedJson, partsOf, replaced, withBytes } from './output.ts';
import { pick, type Random } from './random.ts';

type Edit = (members: readonly Entry[], random: Random) => readonly Entry[];

const isFile = ({ type }: Entry): boolean => type === 'file';

/** Adds a blob in the order of names; returns its digest, too. */
function withBlob(members: readonly Entry[], bytes: Buffer): { all: Entry[]; digest: string } {
  const digest = sha256OfBytes(bytes);
  const like = members.find(isFile)!;
  const blob = { ...withBytes(like, bytes), path: `blobs/sha256/${digest}` };
  const at = members.findIndex((each) => isFile(each) && each.path > blob.path);
  return { all: members.toSpliced(at, 0, blob), digest };
}

const jsonAt = (members: readonly Entry[], path: string) =>
  parsedJson(bytesOf(members.find((each) => each.path === path)));

/** Returns the config of the image with another command. */
function otherConfig(members: readonly Entry[]): Buffer {
  const config = record(jsonAt(members, partsOf(members).config));
  const settings = { ...record(config.config), Cmd: ['/evil'] };
  return Buffer.from(canonicalJson({ ...config, config: settings }));
}

/** Lets manifest.json, which docker reads, name another config than index.json does. */
function otherForDocker(members: readonly Entry[]): Entry[] {
  const { all, digest } = withBlob(members, otherConfig(members));
  const [entry] = list(jsonAt(members, 'manifest.json'));
  const named = [{ ...record(entry), Config: `blobs/sha256/${digest}` }];
  return replaced(all, 'manifest.json', Buffer.from(canonicalJson(named)));
}

/** Lets index.json name a second image beside the first. */
function otherInIndex(members: readonly Entry[], first: boolean): Entry[] {
  const config = otherConfig(members);
  const withConfig = withBlob(members, config);
  const manifest = record(jsonAt(members, partsOf(members).manifest));
  const descriptor = { digest: `sha256:${withConfig.digest}`, size: config.length };
  const other = { ...manifest, config: { ...record(manifest.config), ...descriptor } };
  const bytes = Buffer.from(canonicalJson(other));
  const { all, digest } = withBlob(withConfig.all, bytes);
  const index = record(jsonAt(members, 'index.json'));
  const [good] = list(index.manifests);
  const evil = { ...record(good), digest: `sha256:${digest}`, size: bytes.length };
  const manifests = first ? [evil, good] : [good, evil];
  return replaced(all, 'index.json', Buffer.from(canonicalJson({ ...index, manifests })));
}

const doubled =
  (path: string, last: boolean): Edit =>
  (members) =>
    members.flatMap((each) => {
      if (each.path !== path) return [each];
      const other = withBytes(each, Buffer.from(bytesOf(each).toString().replace(/2|\[/, ' $&')));
      return last ? [each, other] : [other, each];
    });

const edits: Readonly<Record<string, Edit>> = {
  'blob without a reference': (members) => withBlob(members, Buffer.from('nobody names me')).all,
  'file added': (members) => [...members, { ...members.find(isFile)!, path: 'repositories' }],
  'folder added': (members) => [{ ...members[0]!, path: 'blobs/sha512' }, ...members],
  'member removed': (members, random) => members.toSpliced(random(members.length), 1),
  'member doubled': (members, random) => {
    const at = random(members.length);
    return members.toSpliced(at, 0, members[at]!);
  },
  'members swapped': (members, random) => {
    const at = random(members.length - 1);
    return members.toSpliced(at, 2, members[at + 1]!, members[at]!);
  },
  'manifest.json twice, another last': doubled('manifest.json', true),
  'manifest.json twice, another first': doubled('manifest.json', false),
  'index.json twice, another last': doubled('index.json', true),
  'another image in manifest.json': otherForDocker,
  'another image first in index.json': (members) => otherInIndex(members, true),
  'another image last in index.json': (members) => otherInIndex(members, false),
  'mode of a member': (members, random) => {
    const chosen = pick(members, random);
    return members.map((each) => (each === chosen ? { ...each, mode: each.mode ^ 0o1 } : each));
  },
  'time of a member': (members, random) => {
    const chosen = pick(members, random);
    return members.map((each) => (each === chosen ? { ...each, mtime: each.mtime + 1 } : each));
  },
};

/** Adds, removes, doubles or reorders members of the image archive, or gives it a second meaning. */
export const changeMembers: ChangeKind = async ({ files, archive }, random) => {
  const how = pick(Object.keys(edits), random);
  const where = `${archiveName}: members`;
  const output = { files, archive: edits[how]!(archive, random) };
  return { output, files: [archiveName], where, field: '', how };
};
