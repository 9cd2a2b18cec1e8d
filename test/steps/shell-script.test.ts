import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine, toldCommand } from '../../src/steps/shell-script.ts';

test('sh hands every word on exactly as it was given', () => {
  const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const script = `exec printf '%s\\0' ${commandLine(words)}`;
      const printed = execFileSync('/bin/sh', ['-c', script]).toString('utf8');
      const expected = words.map((text) => Buffer.from(text, 'utf8').toString('utf8'));
      expect(printed.split('\0').slice(0, -1)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('nothing in a word is expanded or run', () => {
  const words = ['$(touch /tmp/owned)', '`id`', '; rm -rf /', '$HOME', '*', "it's", 'a\nb', '-n'];
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${commandLine(words)}`]);
  expect(printed.toString().split('\0').slice(0, -1)).toEqual(words);
});

test('a command is told as it could be typed, so that one word with a blank shows', () => {
  const words = ['echo', '-O2 -Wall', "it's", '%s\\n', 'plain-word'];
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', toldCommand(words).join('\n')], {
    encoding: 'utf8',
  });
  expect(stderr).toBe(`+ echo '-O2 -Wall' 'it'\\''s' '%s\\n' plain-word\n`);
  expect(stdout).toContain("-O2 -Wall it's");
  expect(execFileSync('/bin/sh', ['-c', stderr.slice(2)], { encoding: 'utf8' })).toBe(stdout);
});
