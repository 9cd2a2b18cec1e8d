import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { asCommand, asList } from '../../../src/recipe/diagnostics/as-list.ts';

test.each([
  ['nginx', '[nginx]'],
  ["nginx -g 'daemon off;'", '[nginx, -g, "daemon off;"]'],
  ['/bin/app --port=80 8080 true', '[/bin/app, --port=80, "8080", "true"]'],
  ['echo "it\'s" a\\ b', '[echo, "it\'s", "a b"]'],
  ['echo "open', '["echo \\"open"]'],
  ['make && make install', '[sh, -c, "make && make install"]'],
  ['echo "$HOME"', '[sh, -c, "echo \\"$HOME\\""]'],
  ["echo '$HOME;'", '[echo, "$HOME;"]'],
  ['date > /now', '[sh, -c, "date > /now"]'],
  ['', '[]'],
])('the line %j is the list %s', (line, list) => {
  expect(asCommand(line)).toBe(list);
});

test('a list of words that are no command has no shell', () => {
  expect(asList('-DX=a&b -Os')).toBe('["-DX=a&b", -Os]');
});

test('a list says the words that a shell splits the line into', () => {
  const piece = fc.constantFrom(
    'a',
    'true',
    '7',
    '-x',
    ' ',
    "'b c'",
    '"d e"',
    '\\ ',
    '"\'"',
    '/f',
    'ü',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join('');
      const words = execFileSync('sh', ['-fc', `printf '%s\\n' end ${line}`], { encoding: 'utf8' });
      expect(['end', ...parse(asList(line))]).toEqual(words.slice(0, -1).split('\n'));
    }),
    { numRuns: 60 },
  );
});
