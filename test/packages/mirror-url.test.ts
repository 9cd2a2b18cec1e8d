import { describe, expect, test } from 'vitest';
import { mirrorUrl, withoutCredentials } from '../../src/packages/mirror-url.ts';

const example = 'https://mirror.example/debian';

describe('mirrorUrl', () => {
  test('keeps a user part for requests, which is never shown', () => {
    const mirror = mirrorUrl('https://user:hunter2@mirror.example/debian/', '--mirror', example);
    expect(mirror).toBe('https://user:hunter2@mirror.example/debian');
    expect(withoutCredentials(mirror)).toBe(example);
  });

  test.each([
    'https://mirror.example/debian?sig=hunter2',
    'https://mirror.example/debian?',
    'https://mirror.example/debian#hunter2',
    'file:///srv/mirror?hunter2',
  ])('refuses %s, whose end would be lost before every path, and does not repeat it', (value) => {
    expect(() => mirrorUrl(value, '--mirror', example)).toThrow(
      /^--mirror names (?!.*hunter2).*with a query or a fragment; a mirror has neither\.$/,
    );
  });

  test('takes a folder whose name has a question mark', () => {
    expect(mirrorUrl('/srv/what?', '--mirror', example)).toBe('file:///srv/what%3F');
  });
});
