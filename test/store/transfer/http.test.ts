import { describe, expect, test } from 'vitest';
import { redirectTarget } from '../../../src/store/transfer/http.ts';

const from = (url: string, location: string) => redirectTarget(new URL(url), location).href;

describe('a redirect', () => {
  test('may be relative, and may lead from http to https', () => {
    expect(from('http://a/b/c', '../d')).toBe('http://a/d');
    expect(from('http://a/b', 'https://c/d')).toBe('https://c/d');
    expect(from('https://a/b', '//c/d')).toBe('https://c/d');
  });

  test.each([
    ['https://a/b', 'http://a/b', 'give up the protection of https'],
    ['http://a/b', 'file:///etc/passwd', 'which is refused'],
    ['http://a/b', 'javascript:alert(1)', 'which is refused'],
    ['http://a/b', 'http://[', 'no URL'],
  ])('from %s to %s is refused', (url, location, reason) => {
    expect(() => from(url, location)).toThrow(reason);
  });

  test('with a user part is refused without showing it', () => {
    expect(() => from('https://a/b', 'http://user:secret@a/b')).toThrow(
      /^(?!.*secret).*http:\/\/a\/b/,
    );
  });
});
