import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { untilChanged, watchedBy } from '../../src/pipeline/watch.ts';
import { temporaryFolder } from '../support/folder.ts';

const recipe = `name: app
description: A program of one's own.
from:
  static:
    toolchain: gcc-musl
    folder: src
    ignore: ['*.o']
    build: [[make]]
    programs: { app: /app }
files:
  - { path: /etc/motd, source: motd }
`;

/** Makes a recipe with a folder of sources and a file beside it. */
function madeRecipe() {
  const cwd = temporaryFolder();
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  mkdirSync(join(cwd, 'src/deep'), { recursive: true });
  write('recipe.yaml', recipe);
  write('src/Makefile', 'app:\n');
  write('src/deep/a.c', 'int a;\n');
  write('motd', 'hello\n');
  const request: BuildRequest = {
    ...{ recipe: cwd, engine: 'auto', outputs: [], tags: [] },
    ...{ offline: true, noCache: false, noTest: false },
  };
  const invocation = { cwd, env: {}, now: new Date(0) };
  return { cwd, write, watched: () => watchedBy(request, invocation) };
}

type Made = ReturnType<typeof madeRecipe>;

const changes: Record<string, (made: Made) => void> = {
  'the recipe itself': ({ write }) => write('recipe.yaml', recipe.replace('own', 'other')),
  'a file beside it': ({ write }) => write('motd', 'goodbye\n'),
  'a file that an editor puts in the place of the old one': ({ cwd, write }) => {
    write('motd.new', 'hello\n');
    renameSync(join(cwd, 'motd.new'), join(cwd, 'motd'));
  },
  'a file deep in a folder of sources': ({ write }) => write('src/deep/a.c', 'int b;\n'),
  'a new file in a folder of sources': ({ write }) => write('src/deep/b.c', ''),
  'a file that is gone': ({ cwd }) => rmSync(join(cwd, 'motd')),
};

test.each(Object.keys(changes))('%s is a reason to build again', async (name) => {
  const made = madeRecipe();
  const changing = untilChanged(await made.watched(), new AbortController().signal);
  await pause(20);
  changes[name]!(made);
  expect(await changing).toHaveLength(1);
});

test('what changed before anybody waited is found at once', async () => {
  const made = madeRecipe();
  const before = await made.watched();
  made.write('motd', 'another\n');
  expect(await untilChanged(before, new AbortController().signal)).toEqual([
    join(made.cwd, 'motd'),
  ]);
});

test('neither what is ignored nor what a build writes is a reason, and waiting ends with the signal', async () => {
  const made = madeRecipe();
  const stop = new AbortController();
  const changing = untilChanged(await made.watched(), stop.signal);
  await pause(20);
  made.write('src/deep/a.o', '');
  made.write('recipe.lock.json', '{}');
  mkdirSync(join(made.cwd, 'mkbase-out'));
  await pause(150);
  stop.abort();
  expect(await changing).toEqual([]);
});

test('a recipe that cannot be read is watched with all that lies beside it', async () => {
  const made = madeRecipe();
  rmSync(join(made.cwd, 'motd'));
  const changing = untilChanged(await made.watched(), new AbortController().signal);
  await pause(20);
  made.write('recipe.lock.json', '{}');
  await pause(50);
  made.write('motd', 'back\n');
  expect(await changing).toHaveLength(1);
});

test('there is nothing to watch of a recipe that is not there', async () => {
  const cwd = temporaryFolder();
  const request: BuildRequest = {
    ...{ recipe: './lost', engine: 'auto', outputs: [], tags: [] },
    ...{ offline: true, noCache: false, noTest: false },
  };
  expect(await watchedBy(request, { cwd, env: {}, now: new Date(0) })).toEqual({});
});
