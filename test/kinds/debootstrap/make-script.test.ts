import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { makeScript } from '../../../src/kinds/debootstrap/make-script.ts';

describe('the script that makes a root', () => {
  test('is what a person can read', async () => {
    await expect(makeScript).toMatchFileSnapshot('../../golden/build/debootstrap.sh');
  });

  test('is a script for a POSIX shell', () => {
    execFileSync('dash', ['-n'], { input: makeScript });
  });
});
