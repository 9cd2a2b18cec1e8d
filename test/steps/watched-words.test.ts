import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { anywhere, watchedWords } from '../../src/steps/watched-words.ts';

/** Runs a command that is watched for words; every line of it, and how it ended. */
function watched(command: string, ...words: string[]) {
  const script = `${watchedWords(command, words.map(anywhere))}\necho after`;
  const { status, stdout } = spawnSync('/bin/sh', ['-euc', script], { encoding: 'utf8' });
  return { status, lines: stdout.split('\n').filter((line) => line !== '') };
}

test('a command that prints other words and ends well is followed by what stands below it', () => {
  const found = watched("printf 'it \\\\n failed%%s * $(date)'", 'script failed');
  expect(found).toEqual({ status: 0, lines: ['it \\n failed%s * $(date)', 'after'] });
});

test.each([
  ['on a line of its own', 'echo script failed; echo more', ['script failed', 'more']],
  [
    'behind other words, without an end',
    'printf "it did: script failed"',
    ['it did: script failed'],
  ],
  ['on stderr', 'echo script failed >&2', ['script failed']],
])('words of failure %s end the script, though the command ends well', (_, command, lines) => {
  expect(watched(`{ ${command}; }`, 'script failed')).toEqual({ status: 1, lines });
});

test('words that a shell could take for a pattern are themselves', () => {
  expect(watched('echo abc', 'a*c', '[a]').status).toBe(0);
  expect(watched("echo 'is [a]'", '[a]').status).toBe(1);
});

test('a command that fails ends the script, and says how it ended', () => {
  expect(watched('sh -c "printf half; exit 7"', 'x')).toEqual({
    ...{ status: 1, lines: ['half', 'It ended with status 7.'] },
  });
});
