import { expect, test } from 'vitest';
import { apk } from '../../../src/kinds/apk/schema.ts';

test.each<[object, string | undefined]>([
  [{ branch: '3.23', packages: ['busybox'] }, undefined],
  [{ packages: ['busybox'] }, 'branch'],
  [{ distro: 'wolfi', packages: ['busybox'], keys: ['wolfi-signing.rsa.pub'] }, undefined],
  [{ distro: 'wolfi', packages: ['busybox'] }, 'distro'],
  [{ distro: 'wolfi', branch: '3.23', packages: ['busybox'], keys: ['k.rsa.pub'] }, 'branch'],
])('%j is wrong at %s', (source, field) => {
  expect(apk.safeParse(source).error?.issues[0]?.path[0]).toBe(field);
});
