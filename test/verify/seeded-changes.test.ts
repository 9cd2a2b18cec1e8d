import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { type Mismatch, mismatchesOf } from '../../src/verify/report.ts';
import { imagesIn, verify } from '../../src/verify/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeOutputFolder } from '../support/output-folder.ts';
import { timesOf } from '../support/proofs.ts';
import { entriesOf, tarOf } from '../support/tar.ts';

const times = timesOf('seededChanges');

/** Mulberry32: the same changes on every machine. */
function generator(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof generator>;

/** What was changed where; the field is told where the change has one. */
interface Change {
  readonly file: string;
  readonly what: string;
}

const pick = <T>(all: readonly T[], random: Random): T => all[random(all.length)]!;

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

function changeByte(folder: string, random: Random): Change {
  const file = pick(filesIn(folder), random);
  const bytes = readFileSync(join(folder, file));
  const at = random(bytes.length);
  const before = bytes[at]!;
  bytes[at] = (before + 1 + random(255)) % 256;
  writeFileSync(join(folder, file), bytes);
  return { file, what: `byte ${at}: ${before} → ${bytes[at]}` };
}

type Holder = Record<string, unknown>;

/** Every place of a JSON value: what holds it and its name there. */
function places(value: unknown, path = ''): { holder: Holder; name: string; path: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => {
    const here = `${path}/${name}`;
    const holder = value as Holder;
    return [{ holder, name, path: here }, ...places(holder[name], here)];
  });
}

function otherValue(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return value + 1 + random(9);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return 'something else';
  const at = random(value.length + 1);
  const char = value[at] === 'a' ? 'b' : 'a';
  return value.slice(0, at) + char + value.slice(at + 1);
}

function changeField(folder: string, random: Random): Change {
  const names = filesIn(folder).filter((name) => name.endsWith('.json'));
  const file = pick(names, random);
  const value: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { holder, name, path } = pick(places(value), random);
  const how = random(4);
  if (how === 0) {
    if (Array.isArray(holder)) holder.splice(Number(name), 1);
    else delete holder[name];
  } else if (how === 1 && !Array.isArray(holder)) holder[`${name}x`] = holder[name];
  else holder[name] = otherValue(holder[name], random);
  writeFileSync(join(folder, file), canonicalJson(value as object));
  return { file, what: `field ${path}` };
}

const mtreeChanges: readonly ((line: string) => string)[] = [
  (line) => line.replace(/mode=(\d{3})\d/, 'mode=$12'),
  (line) => line.replace(/uid=(\d+)/, 'uid=1$1'),
  (line) => line.replace(/time=\d/, 'time=2'),
  (line) => line.replace(/size=\d+/, 'size=77'),
  (line) => line.replace(/sha256=./, 'sha256=f'),
  (line) => line.replace(/^\.\/(\w)/, './x$1'),
  (line) => line.replace(/link=/, 'link=x'),
  (line) => line.replace(/ xattr\S+/, ''),
  () => '',
];

function changeMtree(folder: string, random: Random): Change {
  const file = 'rootfs.mtree';
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const at = 2 + random(lines.length - 3);
  const changed = lines
    .with(at, pick(mtreeChanges, random)(lines[at]!))
    .filter((l, i) => l || i !== at);
  writeFileSync(join(folder, file), changed.join('\n'));
  return { file, what: `line ${at + 1}` };
}

const entryChanges: readonly ((entry: Entry) => Entry)[] = [
  (entry) => ({ ...entry, mode: entry.mode ^ 0o22 }),
  (entry) => ({ ...entry, uid: entry.uid + 1 }),
  (entry) => ({ ...entry, gid: entry.gid + 1 }),
  (entry) => ({ ...entry, mtime: entry.mtime - 1 }),
  (entry) => ({ ...entry, xattrs: [['user.new', 'x']] }),
  (entry) => ({ ...entry, path: `${entry.path}x` }),
  (entry) =>
    entry.type === 'file'
      ? { ...entry, size: entry.size + 1, content: { bytes: Buffer.alloc(entry.size + 1, 'x') } }
      : { ...entry, mtime: 0 },
];

async function changeEntry(folder: string, random: Random): Promise<Change> {
  const file = 'rootfs.tar';
  const entries = await entriesOf(readFileSync(join(folder, file)));
  const leaves = entries.flatMap((entry, at) =>
    entry.type === 'directory' || entry.path === 'usr/bin/ping' ? [] : [at],
  );
  const at = pick(leaves, random);
  const changed = entries.with(at, pick(entryChanges, random)(entries[at]!));
  writeFileSync(join(folder, file), await tarOf(changed));
  return { file, what: `entry ${entries[at]!.path}` };
}

const kinds = [
  changeByte,
  changeByte,
  changeByte,
  changeField,
  changeField,
  changeMtree,
  changeEntry,
];

/** A mismatch that says something of the file: as the one that claims, or the one computed from. */
const concerns = ({ file, field, from = '' }: Mismatch, changed: string): boolean =>
  file.split(': ')[0] === changed || (field !== '' && from.includes(changed)) || field === changed;

let original = '';
let copy = '';

beforeAll(async () => {
  const scratch = temporaryFolder();
  original = join(scratch, 'out');
  copy = join(scratch, 'copy');
  await makeOutputFolder(original, { outputs: [{ type: 'oci' }, { type: 'rootfs' }] });
});

test(
  `${times} changes of a byte or a field in evidence, lock, archive and rootfs are all found, and the file named`,
  async () => {
    const missed: Change[] = [];
    for (let seed = 1, made = 0; made < times; seed += 1) {
      const random = generator(seed);
      rmSync(copy, { recursive: true, force: true });
      cpSync(original, copy, { recursive: true });
      const change = await pick(kinds, random)(copy, random);
      const same = filesIn(copy).every((name) =>
        readFileSync(join(copy, name)).equals(readFileSync(join(original, name))),
      );
      if (same) continue;
      made += 1;
      const request = { subject: 'copy', images: await imagesIn(copy), evidence: copy };
      const report = await verify(request, new AbortController().signal);
      const found = mismatchesOf(report);
      if (!found.some((each) => concerns(each, change.file))) missed.push(change);
    }
    expect(missed).toEqual([]);
  },
  times * 1000,
);
