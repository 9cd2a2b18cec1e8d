import { describe, expect, test } from 'vitest';
import { clampTimes } from '../../src/steps/clamp-times.ts';
import { readContent } from '../../src/tar/content.ts';
import type { Entry } from '../../src/tar/entry.ts';
import { directory, file } from '../support/tar.ts';

const epoch = 1_725_580_800;
const traces = {
  'etc/passwd-': 'why',
  'etc/shadow-': 'why',
  'run/apk': 'why',
  'var/log/apk.log': 'why',
};
const day = 24 * 60 * 60;

/** A tree as a step leaves it whose clock showed `now`. */
const leftAt = (now: number, entries: readonly Entry[]) => [
  ...entries,
  file('.mkbase-clock', `${now}\n${now + 3}\n`, { mtime: now + 3 }),
];

const times = (entries: readonly Entry[]) =>
  Object.fromEntries(entries.map(({ path, mtime }) => [path, mtime]));

const textOf = async (entries: readonly Entry[], path: string) => {
  const entry = entries.find((each) => each.path === path);
  return entry?.type === 'file' ? (await readContent(entry.content)).toString() : undefined;
};

describe('what a step left', () => {
  test.each([
    ['right', 1_795_000_000],
    ['ten years behind', 1_480_000_000],
    ['ten years ahead', 2_110_000_000],
  ])('is dated by the epoch where the clock was %s, and by the packages else', async (_, now) => {
    const tree = leftAt(now, [
      directory('usr', { mtime: now + 1 }),
      file('usr/from-package', '', { mtime: 1_715_000_000 }),
      file('usr/by-script', '', { mtime: now - 1 }),
    ]);
    expect(times(await clampTimes(tree, { before: [], traces, epoch }))).toEqual({
      usr: epoch,
      'usr/from-package': 1_715_000_000,
      'usr/by-script': epoch,
    });
  });

  test('has accounts whose passwords were changed at the epoch', async () => {
    const now = 20_000 * day;
    const lines = ['root:*::0:::::', 'old:!:19000:0:::::', 'new:!:20000:0:99999:7:::', ''];
    const tree = leftAt(now, [file('etc/shadow', lines.join('\n'), { mtime: now, mode: 0o640 })]);
    const clamped = await clampTimes(tree, { before: [], traces, epoch });
    const expected = lines.join('\n').replace('20000', String(Math.floor(epoch / day)));
    expect(await textOf(clamped, 'etc/shadow')).toBe(expected);
    expect(clamped[0]).toMatchObject({ mtime: epoch, mode: 0o640, size: expected.length });
  });

  test('keeps no trace of the run, unless it was there before', async () => {
    const paths = ['etc/passwd-', 'etc/shadow-', 'run/apk', 'var/log/apk.log', 'var/log/other'];
    const tree = leftAt(
      5,
      paths.map((path) => file(path, 'x')),
    );
    const kept = await clampTimes(tree, { before: [file('etc/shadow-', 'x')], traces, epoch });
    expect(kept.map(({ path }) => path)).toEqual(['etc/shadow-', 'var/log/other']);
  });
});
