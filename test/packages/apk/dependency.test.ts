import { describe, expect, test } from 'vitest';
import {
  meetsDependency,
  parseDependencies,
  parseProvides,
  showDependency,
} from '../../../src/packages/apk/dependency.ts';

describe('a D: line', () => {
  test('names packages, libraries, commands and paths, with and without versions', () => {
    const line =
      'musl>=1.2.3_git20230424 so:libc.musl-x86_64.so.1 cmd:sh /bin/sh foo=1-r0 bar~2 baz@edge';
    expect(parseDependencies(line).map(showDependency)).toEqual([
      'musl>=1.2.3_git20230424',
      'so:libc.musl-x86_64.so.1',
      'cmd:sh',
      '/bin/sh',
      'foo=1-r0',
      'bar~2',
      'baz',
    ]);
  });

  test('may be missing, and what must not be there is left out', () => {
    expect(parseDependencies(undefined)).toEqual([]);
    expect(parseDependencies('!uclibc-utils !x<2 musl')).toEqual([{ name: 'musl' }]);
  });

  test.each(['>=1', 'a>', 'a==1', '!', 'a<>1', '=1', 'a><Q1abc='])('is refused with %j', (line) => {
    expect(() => parseDependencies(line)).toThrow(SyntaxError);
  });
});

describe('a p: line', () => {
  test('gives names, with versions where they have one', () => {
    expect(parseProvides('so:libz.so.1=1.3.1 /bin/sh cmd:sh=1-r0')).toEqual([
      { name: 'so:libz.so.1', version: '1.3.1' },
      { name: '/bin/sh', version: undefined },
      { name: 'cmd:sh', version: '1-r0' },
    ]);
  });

  test('meets a dependency on a version only with a version', () => {
    const [any, newer] = parseDependencies('so:x so:x>=2');
    const [bare, old, fresh] = parseProvides('so:x so:x=1 so:x=2.1');
    expect([bare!, old!, fresh!].map((each) => meetsDependency(each, any!))).toEqual([
      true,
      true,
      true,
    ]);
    expect([bare!, old!, fresh!].map((each) => meetsDependency(each, newer!))).toEqual([
      false,
      false,
      true,
    ]);
    expect(meetsDependency({ name: 'so:y', version: '3' }, any!)).toBe(false);
  });
});
