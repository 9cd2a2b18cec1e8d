import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fullForm, parseReference, shortForm } from '../../src/image/reference.ts';

const refused = expect.objectContaining({ code: 'USAGE' });

describe('parseReference', () => {
  test.each([
    ['hello', 'hello:latest', 'docker.io/library/hello:latest'],
    ['mkbase/hello', 'mkbase/hello:latest', 'docker.io/mkbase/hello:latest'],
    ['a/b__c.d-e:V1_.-', 'a/b__c.d-e:V1_.-', 'docker.io/a/b__c.d-e:V1_.-'],
    ['localhost/x:1', 'localhost/x:1', 'localhost/x:1'],
    ['localhost:5000/x', 'localhost:5000/x:latest', 'localhost:5000/x:latest'],
    ['REG/x', 'REG/x:latest', 'REG/x:latest'],
    ['registry.example/a/b/c:1', 'registry.example/a/b/c:1', 'registry.example/a/b/c:1'],
    ['[2001:db8::1]:5000/x:1', '[2001:db8::1]:5000/x:1', '[2001:db8::1]:5000/x:1'],
    ['docker.io/x', 'docker.io/x:latest', 'docker.io/library/x:latest'],
    ['x:5000', 'x:5000', 'docker.io/library/x:5000'],
  ])('reads %s', (text, short, full) => {
    const reference = parseReference(text);
    expect([shortForm(reference), fullForm(reference)]).toEqual([short, full]);
  });

  test.each([
    '',
    ' ',
    '-x',
    '--help',
    'x:',
    ':x',
    'x::1',
    'X',
    'a/X',
    'a//b',
    '/a',
    'a/',
    'a b',
    'a\nb',
    'x:1\n',
    'x\0',
    'x:$(id)',
    'x:-1',
    'x:.1',
    '../x',
    'a/../b',
    'a___b',
    'a..b',
    'a_.b',
    'ünïcode',
    'x@sha256:',
    `x@sha256:${'a'.repeat(64)}`,
    'http://registry.example/x',
    '-a.example/x',
    'a-.example/x',
    'a.example:port/x',
    `x:${'1'.repeat(129)}`,
    'a'.repeat(256),
    'a'.repeat(64),
    '[::1/x',
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(refused);
  });

  test('reads its own output as the same reference', () => {
    const domain = fc.constantFrom('', 'localhost/', 'r.example/', 'r:5000/', 'Reg/');
    const component = fc.stringMatching(/^[a-z0-9]{1,9}((\.|_|__|-|--)[a-z0-9]{1,9})?$/);
    const path = fc.array(component, { minLength: 1, maxLength: 3 });
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/));
    fc.assert(
      fc.property(domain, path, tag, (registry, parts, version) => {
        const name = `${registry || 'plain/'}${parts.join('/')}`;
        const reference = parseReference(version === null ? name : `${name}:${version}`);
        expect(shortForm(reference)).toBe(`${name}:${version ?? 'latest'}`);
        expect(parseReference(shortForm(reference))).toEqual(reference);
        expect(shortForm(parseReference(fullForm(reference)))).toBe(fullForm(reference));
      }),
    );
  });
});
