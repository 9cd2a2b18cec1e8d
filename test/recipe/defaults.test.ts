import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { branchEnds } from '../../src/packages/apk/releases.ts';
import { releases } from '../../src/packages/deb/archive/releases.ts';

const root = join(import.meta.dirname, '../..');
const fromOf = (recipe: string) =>
  parse(readFileSync(join(root, 'recipes', `${recipe}.yaml`), 'utf8')).from;

/** The newest releases in the tables that count as out: those that have a date. */
const newest = (name: keyof typeof releases, version: RegExp) =>
  releases[name].findLast((each) => each.released !== undefined && version.test(each.version));

test('recipes that ship take the newest stable release, of Ubuntu the newest with long support', () => {
  const debian = newest('debian', /./)?.suite;
  expect(fromOf('debian').debootstrap.suite).toBe(debian);
  for (const recipe of ['distroless-static', 'distroless-cc', 'busybox-debian/recipe']) {
    expect(fromOf(recipe).debs.suite ?? 'trixie', recipe).toBe(debian);
  }
  expect(fromOf('ubuntu').debootstrap.suite).toBe(newest('ubuntu', /LTS/)?.suite);
  expect(fromOf('alpine').minirootfs.release).toBe('latest-stable');
  expect(fromOf('alpine-apk').apk.branch).toBe([...branchEnds.keys()].at(-1));
});
