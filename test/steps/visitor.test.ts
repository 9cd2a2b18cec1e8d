import { expect, test } from 'vitest';
import { runCommand } from '../../src/base/run-command.ts';
import { holdOnFailure } from '../../src/engines/hold.ts';
import { builderShell, stoppingStep } from '../../src/steps/visitor.ts';
import { temporaryFolder } from '../support/folder.ts';

const visitor = { terminal: 'xterm', before: async () => {}, after: () => {} };

test('a step that may be entered stops where it fails, and keeps its parameters', () => {
  const step = { argv: ['/bin/sh', '-euc', 'make "$1"', 'sh', 'all'] } as const;
  const { argv, hold } = stoppingStep(step, ['bash'], visitor);
  expect(argv).toEqual(['/bin/sh', '-euc', `${holdOnFailure}make "$1"`, 'sh', 'all']);
  expect(hold).toEqual({ ...visitor, argv: ['bash'], when: 'failed' });
});

test('a shell of the builder opens in the first folder that is there', async () => {
  const folder = temporaryFolder();
  const [file, ...args] = builderShell(['/nosuch', folder, '/'], 'export SAID=before');
  const { stdout } = await runCommand({
    file,
    args,
    input: [Buffer.from('pwd; echo "$SAID"\n')] as never,
  });
  expect(stdout.split('\n')).toEqual([folder, 'before', '']);
});
