import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { fencesOf, readMarkdown } from '../support/markdown.ts';
import { everySetting } from './support/engines.ts';
import { leftOut, typist } from './support/typed-commands.ts';

const complete = process.env.MKBASE_TEST_COMPLETE === '1';
const noEngine =
  complete || everySetting.some((each) => !each.missing) ? undefined : 'no engine works';

const work = temporaryFolder();
const { expectToRun, expectExchanges } = typist(join(work, 'bin'));

/** The image that a page tags with a name that is not mkbase's. */
afterAll(() => {
  spawnSync('docker', ['rmi', '--force', 'me/busybox']);
});

/** Pages of the ways in which people come: files are shown whole, and commands are typed one after the other. */
const pages = [
  'from-scratch',
  'coming-from-mkimage',
  'hosts',
  'one-more-package',
  'platforms',
  'when-a-build-fails',
];

describe.skipIf(noEngine).each(pages)(`docs/%s.md${leftOut(noEngine)}`, (page) => {
  const cwd = join(work, page);
  const fences = fencesOf(readMarkdown(`docs/${page}.md`));
  mkdirSync(cwd);
  for (const { text } of fences) {
    const [, path] = /^(?:#|\/\*) (\S+\/\S+)/.exec(text) ?? [];
    if (path === undefined) continue;
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const typed = fences.filter(({ language }) => /^(?:sh|console)$/.test(language));
  test.each(typed.map((fence) => [fence.text.split('\n')[0], fence] as const))(
    '%s',
    (_, { language, text }) => (language === 'sh' ? expectToRun : expectExchanges)(text, cwd),
  );
});
