import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { baseStanzas } from '../../../../src/kinds/debootstrap/choose/choose-script.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const index = `
Package: zlib1g
Version: 1

Package: base
Version: 1
Priority: required
Pre-Depends: libc (>= 2), awk | mawk
Depends: zlib1g:any (= 1)

Package: libc
Version: 1
Essential: yes

Package: libc
Version: 2

Package: mawk
Version: 1
Priority: optional

Package: apt
Depends: solver (>= 1) | other

Package: solver
Priority: optional

Package: important-thing
Priority: important

Package: game
Priority: optional
Essential: no
Depends: base

Package: last
Priority: required
`.trimStart();

async function kept(): Promise<string[]> {
  const script = join(temporaryFolder(), 'script');
  await writeFile(script, 'base="apt build-essential"\nrequired="$required games"\n');
  const output = execFileSync('perl', ['-e', baseStanzas, script], { input: index });
  return output
    .toString()
    .split('\n\n')
    .map((each) => each.trim());
}

describe('what is left of an index for debootstrap', () => {
  test('is what a base set can need, in its order', async () => {
    const names = (await kept()).map((stanza) => /^Package: (.*)$/m.exec(stanza)?.[1]);
    const expected = [
      'zlib1g',
      'base',
      'libc',
      'libc',
      'mawk',
      'apt',
      'solver',
      'important-thing',
      'last',
    ];
    expect(names.filter(Boolean)).toEqual(expected);
  });

  test('are whole stanzas', async () => {
    const whole = index.split('\n\n').map((each) => each.trim());
    for (const stanza of await kept()) if (stanza !== '') expect(whole).toContain(stanza);
  });
});
