import { expect, test } from 'vitest';
import { diagnosePacman } from '../../../src/kinds/pacman/diagnosis.ts';

async function diagnosed(...lines: string[]) {
  const diagnosis = diagnosePacman();
  for (const line of lines) diagnosis.take(line);
  return diagnosis.read();
}

test.each([
  [
    'a script',
    ['installing bash...', 'installing broken...', 'it cannot be'],
    'error: command failed to execute correctly',
    'the install script (.INSTALL) of broken',
  ],
  [
    'a script whose last line has no end',
    ['installing broken...'],
    'it cannot beerror: command failed to execute correctly',
    'the install script (.INSTALL) of broken',
  ],
  [
    'a script that a signal ended',
    ['installing broken...'],
    'error: command terminated by signal 11: Segmentation fault',
    'the install script (.INSTALL) of broken',
  ],
  [
    'a script without a shell',
    ['installing first...'],
    'call to execv failed (No such file or directory)',
    'the install script (.INSTALL) of first',
  ],
  [
    'a hook',
    ['installing last...', ':: Running post-transaction hooks...', '( 2/10) Updating the cache...'],
    'error: command failed to execute correctly',
    'the hook "Updating the cache..."',
  ],
])('names %s that failed', async (_, before, line, about) => {
  expect(await diagnosed(...before, line, 'installing more...')).toMatchObject({
    before,
    line,
    since: 1,
    hint: expect.stringContaining(`It was ${about} that failed`),
  });
});

test('says nothing where nothing failed', async () => {
  expect(await diagnosed('installing bash...', 'warning: directory permissions differ')).toBe(
    undefined,
  );
});
