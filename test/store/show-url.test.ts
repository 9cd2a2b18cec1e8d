import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf, showUrl, withoutUrlSecrets } from '../../src/store/show-url.ts';

/** URLs that hold a secret in every place that a service is known to put one. */
const secretUrls = [
  'https://user:secret@example.org/a.tar.gz',
  'https://secret@example.org/a.tar.gz',
  'https://:secret@example.org/a.tar.gz',
  'https://gitlab-ci-token:secret@example.org/a.tar.gz',
  'https:///user:secret@example.org/a.tar.gz',
  'https://us@er:sec@secret@example.org/a.tar.gz',
  'https://example.org/a.tar.gz?X-Amz-Credential=x&X-Amz-Signature=secret',
  'https://example.org/a.tar.gz?AWSAccessKeyId=x&Signature=secret&Expires=1',
  'https://example.org/a.tar.gz?sv=2024&se=2027&sig=secret%3D',
  'https://example.org/a.tar.gz?job_token=secret',
  'https://example.org/a.tar.gz?a=b?token=secret',
  'https://example.org/a.tar.gz#secret',
  'https://example.org/a.tar.gz#a?token=secret',
  'http://user:secret@example.org:99999999/a.tar.gz?token=secret',
];

describe('showUrl', () => {
  test.each(secretUrls)('shows nothing secret of %s', (url) => {
    expect(showUrl(url)).not.toContain('secret');
    expect(nameOf(url)).not.toContain('secret');
    expect(withoutUrlSecrets(url)).not.toContain('secret');
    expect(withoutUrlSecrets({ cmd: [`--from=${url} twice ${url}`] }).cmd[0]).not.toContain(
      'secret',
    );
  });

  test('shows host, port and path as they are', () => {
    const url = 'https://example.org:8443/a%20b/c+d~1.tar.gz';
    expect([showUrl(url), withoutUrlSecrets(url)]).toEqual([url, url]);
  });

  test('tells two URLs apart that differ in their paths, and takes two for one that differ in their queries', () => {
    expect(showUrl('https://example.org/a?b')).toBe(showUrl('https://example.org/a?c'));
    expect(showUrl('https://example.org/a')).not.toBe(showUrl('https://example.org/b'));
  });
});

describe('withoutUrlSecrets', () => {
  const piece = fc.constantFrom(
    'https://',
    'a',
    '@',
    ':',
    '/',
    '?',
    '#',
    ' ',
    '"',
    'x=',
    '//',
    '://',
  );
  const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));

  test('changes nothing a second time', () => {
    fc.assert(
      fc.property(text, (value) => {
        const once = withoutUrlSecrets(value);
        expect(withoutUrlSecrets(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('leaves no user part, query or fragment in a URL that Node can read', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const shown = new URL(withoutUrlSecrets(url));
        const { username, password, search, hash, pathname, host } = shown;
        expect([username, password, search, hash]).toEqual(['', '', '', '']);
        expect([host, pathname]).toEqual([new URL(url).host, new URL(url).pathname]);
      }),
    );
  });

  test('leaves texts alone that hold no URL, and what is no text', () => {
    const data = { a: 'me@example.org', b: '#!/bin/sh', c: 'is it? yes', d: [1, null, true] };
    expect(withoutUrlSecrets(data)).toEqual(data);
  });
});
