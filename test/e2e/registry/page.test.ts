import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { temporaryFolder } from '../../support/folder.ts';
import { fencesOf, readMarkdown } from '../../support/markdown.ts';
import {
  type DebianRegistry,
  noRegistry,
  startDebianRegistry,
} from '../support/debian-registry.ts';
import { everySetting } from '../support/engines.ts';
import { leftOut, typist } from '../support/typed-commands.ts';

const noEngine = everySetting.some((each) => !each.missing) ? undefined : 'no engine works';
const reason = noRegistry ?? noEngine;

/** The page's commands, typed one after the other; its registries are Debian's on this machine. */
describe.skipIf(reason)(`docs/registries.md${leftOut(reason)}`, () => {
  const work = temporaryFolder();
  const cwd = join(work, 'page');
  mkdirSync(cwd);
  const { expectToRun } = typist(join(work, 'bin'));
  const registries = new Map<string, DebianRegistry>();
  const names = ['registry.example', 'other.example', 'third.example'];
  beforeAll(async () => {
    for (const name of names) registries.set(name, await startDebianRegistry());
  });
  afterAll(async () => {
    for (const registry of registries.values()) await registry.stop();
  });
  const fences = fencesOf(readMarkdown('docs/registries.md'));
  const typed = fences.filter(({ language }) => language === 'sh');
  test.each(typed.map(({ text }) => [text.split('\n')[0], text] as const))('%s', (_, text) => {
    const here = names.reduce(
      (words, name) => words.replaceAll(name, registries.get(name)?.domain ?? name),
      text,
    );
    expectToRun(here, cwd);
  });
});
