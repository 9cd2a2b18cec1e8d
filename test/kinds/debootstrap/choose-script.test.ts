import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { chooseScript } from '../../../src/kinds/debootstrap/choose-script.ts';

describe('the script that has packages chosen', () => {
  test('is what a person can read', async () => {
    await expect(chooseScript).toMatchFileSnapshot('../../golden/lock/choose-debs.sh');
  });

  test('is a script for a POSIX shell', () => {
    execFileSync('dash', ['-n'], { input: chooseScript });
  });
});
