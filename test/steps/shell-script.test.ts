import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandLine } from '../../src/steps/shell-script.ts';

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
