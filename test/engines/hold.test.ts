import { expect, test } from 'vitest';
import { runCommand } from '../../src/base/run-command.ts';
import { type Hold, heldCode, holdFunction, holdOnFailure } from '../../src/engines/hold.ts';

/** Runs a script in the place of the builder's, where nobody holds it for ever. */
async function run(script: string, when: Hold['when']) {
  const short = script.replace('read -r never </dev/ptmx', 'read -r never </dev/null');
  const { exitCode, stdout, stderr } = await runCommand({ file: 'sh', args: ['-euc', short] });
  return { exitCode, stdout, held: stderr.split('\n').map((line) => heldCode(line, when)) };
}

test('a script that fails says so where it failed, and keeps its exit code', async () => {
  const { exitCode, stdout, held } = await run(
    `${holdOnFailure}echo one\n(exit 7)\necho two`,
    'failed',
  );
  expect({ exitCode, stdout, held: held[0] }).toEqual({ exitCode: 7, stdout: 'one\n', held: 7 });
});

test('a script that does not fail holds nowhere', async () => {
  const { exitCode, held } = await run(`${holdOnFailure}false || true`, 'failed');
  expect({ exitCode, held }).toEqual({ exitCode: 0, held: [undefined] });
});

test('a script can hold without having failed', async () => {
  expect((await run(`${holdFunction}\nhold 0`, 'ready')).held[0]).toBe(0);
});

test.each(['mkbase-held: ', 'mkbase-held: 1x', 'mkbase-held: 1234', ' mkbase-held: 1', 'held: 1'])(
  '%j is a line like any other',
  (line) => {
    expect([heldCode(line, 'failed'), heldCode(line, 'ready')]).toEqual([undefined, undefined]);
  },
);

test('a program cannot say of a step that stops where it fails that it has not, nor the reverse', () => {
  expect(heldCode('mkbase-held: 0', 'failed')).toBeUndefined();
  expect(heldCode('mkbase-held: 1', 'ready')).toBeUndefined();
});
