import { expect, test } from 'vitest';
import { cacheFolder } from '../../src/store/cache-folder.ts';

test('the cache folder is below XDG_CACHE_HOME', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/var/cache', HOME: '/home/a' })).toBe('/var/cache/mkbase');
});

test.each([undefined, '', 'relative/path', './here'])(
  'with XDG_CACHE_HOME %j it is below ~/.cache',
  (value) => {
    expect(cacheFolder({ XDG_CACHE_HOME: value, HOME: '/home/a' })).toBe('/home/a/.cache/mkbase');
  },
);

test('without HOME it is below the home folder that the system knows', () => {
  expect(cacheFolder({})).toMatch(/^\/.*\/\.cache\/mkbase$/);
});
