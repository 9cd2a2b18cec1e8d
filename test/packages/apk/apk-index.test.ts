import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openApkIndex } from '../../../src/packages/apk/apk-index.ts';

const about = { description: 'v3.20.3-1-gtest', date: 1 };
const open = (text: string, arch = 'x86_64') => openApkIndex(Buffer.from(text), arch, about);

const stanza = (name: string, fields: Readonly<Record<string, string>> = {}) =>
  Object.entries({ C: 'Q1x=', P: name, V: '1-r0', A: 'x86_64', ...fields })
    .map(([letter, value]) => `${letter}:${value}\n`)
    .join('');

describe('an index', () => {
  test('is searched by name and by what is provided', () => {
    const index = open(
      [
        stanza('zlib', { p: 'so:libz.so.1=1.3.1' }),
        stanza('busybox-binsh', { p: '/bin/sh cmd:sh=1-r0' }),
        stanza('dash-binsh', { p: '/bin/sh', A: 'noarch' }),
        stanza('zlib', { V: '2-r0' }),
      ].join('\n'),
    );
    const names = (found: readonly ReadonlyMap<string, string>[]) =>
      found.map((each) => `${each.get('P')} ${each.get('V')}`);
    expect(names(index.find('zlib'))).toEqual(['zlib 1-r0', 'zlib 2-r0']);
    expect(names(index.providers('/bin/sh'))).toEqual(['busybox-binsh 1-r0', 'dash-binsh 1-r0']);
    expect(names(index.providers('so:libz.so.1'))).toEqual(['zlib 1-r0']);
    expect(index.find('so:libz.so.1')).toEqual([]);
    expect(index.providers('zlib')).toEqual([]);
    expect([...index.names()]).toEqual(['zlib', 'busybox-binsh', 'dash-binsh', 'zlib']);
  });

  test('holds whatever stanzas were written into it, however far apart', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9.+_-]{0,12}$/);
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
    const packages = fc.uniqueArray(fc.tuple(word, line), { selector: ([name]) => name });
    fc.assert(
      fc.property(packages, fc.constantFrom('\n', '\n\n'), (all, gap) => {
        const index = open(all.map(([name, text]) => stanza(name, { T: text })).join(gap));
        expect([...index.names()]).toEqual(all.map(([name]) => name));
        for (const [name, text] of all) {
          expect(index.find(name).map((each) => each.get('T'))).toEqual([text]);
        }
      }),
    );
  });

  test('may be empty', () => {
    expect([...open('').names()]).toEqual([]);
    expect([...open('\n\n').names()]).toEqual([]);
  });

  test.each([
    ['another architecture', stanza('a', { A: 'aarch64' }), 'a is for aarch64, not for x86_64'],
    ['no architecture', 'P:a\nV:1\n', 'a is for no architecture, not for x86_64'],
    ['no name', 'V:1\nA:x86_64\n', 'a stanza names no package'],
    ['a line that is no field', `${stanza('a')}<html>\n`, 'there is a line "<html>"'],
    ['a field twice', `${stanza('a')}V:2\n`, 'a stanza says V: twice'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => open(text)).toThrow(new SyntaxError(message));
  });
});
