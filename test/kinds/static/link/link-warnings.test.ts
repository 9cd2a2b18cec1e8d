import { describe, expect, test } from 'vitest';
import {
  linkWarnings,
  localeFunctions,
  warnedFunction,
} from '../../../../src/kinds/static/link/link-warnings.ts';

const line = (name: string) =>
  `/usr/bin/ld: /tmp/x.o: in function \`main': x.c:(.text+0x1e): warning: Using '${name}' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking`;

describe('warnedFunction', () => {
  test("finds the function in GNU ld's warning about static applications", () => {
    expect(warnedFunction(line('getaddrinfo'))).toBe('getaddrinfo');
  });

  test('leaves other warnings alone', () => {
    expect(warnedFunction("x.c:3:5: warning: unused variable 'getaddrinfo'")).toBeUndefined();
  });
});

describe('localeFunctions', () => {
  test('names what the program itself pulled out of libc, not what libraries pulled in', () => {
    const map = [
      'Archive member included to satisfy reference by file (symbol)',
      '',
      '/usr/lib/x86_64-linux-gnu/libc.a(setlocale.o)',
      '                              ../obj/0.o (setlocale)',
      '/usr/lib/x86_64-linux-gnu/libc.a(iconv_open.o)',
      '                              /usr/lib/x86_64-linux-gnu/libc.a(gconv.o) (iconv_open)',
      '/usr/lib/x86_64-linux-gnu/libc.a(newlocale.o)',
      '                              /usr/lib/libstdc++.a(c++locale.o) (newlocale)',
      '/usr/lib/x86_64-linux-gnu/libc.a(printf.o)',
      '                              ../obj/0.o (printf)',
      '',
    ].join('\n');
    expect(localeFunctions(map, '../obj/')).toEqual(['setlocale']);
  });
});

describe('linkWarnings', () => {
  test('gives each sort of functions one warning with advice, which names them', () => {
    const warnings = linkWarnings(['getpwnam', 'dlopen', 'setlocale', 'getaddrinfo', 'dlopen']);
    expect(warnings.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
      ['static-dlopen', 'The static program uses dlopen'],
      ['static-locale', 'The static program uses setlocale'],
      ['static-nss', 'The static program uses getaddrinfo and getpwnam'],
    ]);
    for (const { advice } of warnings) expect(advice).toMatch(/\.$/);
  });

  test('names many functions as a sentence does', () => {
    const [warning] = linkWarnings(['getpwuid', 'getgrnam', 'getaddrinfo']);
    expect(warning?.message).toContain('uses getaddrinfo, getgrnam and getpwuid: it finds names');
  });

  test('does not keep quiet about a function that it has no special advice for', () => {
    expect(linkWarnings(['frobnicate'])[0]?.code).toBe('static-runtime-libraries');
  });
});
