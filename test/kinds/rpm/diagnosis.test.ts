import { expect, test } from 'vitest';
import { diagnoseRpm } from '../../../src/kinds/rpm/diagnosis.ts';

async function diagnosed(...lines: string[]) {
  const diagnosis = diagnoseRpm();
  for (const line of lines) diagnosis.take(line);
  return diagnosis.read();
}

test.each([
  ['warning: %post(a-1.0-1.x86_64) scriptlet failed, exit status 3', '%post', 'a-1.0-1.x86_64'],
  ['error: %prein(a-1.0-1.noarch) scriptlet failed, exit status 1', '%pre', 'a-1.0-1.noarch'],
  [
    'it cannot bewarning: %postin(a-2-3.noarch) scriptlet failed, signal 9',
    '%post',
    'a-2-3.noarch',
  ],
  [
    'warning: %triggerin(b-2-3.noarch) scriptlet failed, exit status 1',
    '%triggerin',
    'b-2-3.noarch',
  ],
  [
    'error: lua script failed: [string "%post(c-1.0-1.noarch)"]:1: nothing to be done',
    '%post',
    'c-1.0-1.noarch',
  ],
])('names a scriptlet that failed: %s', async (line, scriptlet, name) => {
  const found = await diagnosed('some output', line, 'error: what follows', 'more output');
  expect(found).toMatchObject({ before: ['some output'], line, since: 2 });
  expect(found?.hint).toContain(`It was the ${scriptlet} scriptlet of ${name} that failed`);
  expect(found?.hint).toContain(`name ${name.split('-')[0]} under "exclude"`);
});

test('names what rpm refuses where no scriptlet failed', async () => {
  const line = 'error: Failed dependencies:';
  expect(await diagnosed('a word', line, '\tlibx.so is needed by a-1.0-1.x86_64')).toMatchObject({
    ...{ before: ['a word'], line, since: 1 },
    hint: expect.stringContaining('Take out, under "packages", what rpm names'),
  });
});

test('says nothing where a scriptlet only says that something failed', async () => {
  const words = ['the scriptlet failed once, and then not', 'warning: a file is now .rpmnew'];
  expect(await diagnosed(...words)).toBe(undefined);
});
