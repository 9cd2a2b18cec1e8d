import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filtersCalls } from '../../../src/engines/namespace/machine.ts';
import { temporaryFolder } from '../../support/folder.ts';

test.each([
  ['has all answers', 'kill_process kill_thread trap errno user_notif trace log allow\n', true],
  ['cannot end a process', 'kill_thread trap errno trace log allow\n', false],
  ['cannot answer with an error', 'kill_process kill_thread allow\n', false],
  ['has none', '', false],
])('a kernel whose list of answers %s filters system calls: %s', async (_, actions, filters) => {
  const file = join(temporaryFolder(), 'actions_avail');
  writeFileSync(file, actions);
  expect(await filtersCalls(file)).toBe(filters);
});

test('a kernel without seccomp has no such list', async () => {
  expect(await filtersCalls(join(temporaryFolder(), 'actions_avail'))).toBe(false);
});
