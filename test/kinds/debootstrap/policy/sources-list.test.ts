import { describe, expect, test } from 'vitest';
import { platforms } from '../../../../src/base/platform.ts';
import { sourcesList } from '../../../../src/kinds/debootstrap/policy/sources-list.ts';
import { debootstrap } from '../../../../src/kinds/debootstrap/schema.ts';
import { file } from '../../../support/tar.ts';

const list = (fields: object, keyring: string, platform: keyof typeof platforms = 'linux/amd64') =>
  sourcesList(
    {
      source: debootstrap.parse(fields),
      platform: platforms[platform],
      mirror: 'http://mirror.example/own',
    },
    [file(keyring)],
  );

describe("apt's sources", () => {
  test('of a Debian suite have its updates and its security updates', () => {
    const keyring = 'usr/share/keyrings/debian-archive-keyring.pgp';
    const components = ['main', 'contrib'];
    expect(list({ suite: 'trixie', components }, keyring)).toBe(`Types: deb
URIs: http://mirror.example/own
Suites: trixie trixie-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

Types: deb
URIs: http://security.debian.org/debian-security
Suites: trixie-security
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp
`);
  });

  test('name the key that the suite has: older ones under another name, others none', () => {
    const older = 'usr/share/keyrings/debian-archive-keyring.gpg';
    expect(list({ suite: 'bookworm' }, older)).toContain(`Signed-By: /${older}\n`);
    expect(list({ suite: 'bookworm' }, 'usr/share/keyrings/other.gpg')).not.toContain('Signed-By');
  });

  test.each(['sid', 'unstable'])('of %s have no updates, for there are none', (suite) => {
    expect(list({ suite }, 'x').match(/^Suites: .*$/gm)).toEqual([`Suites: ${suite}`]);
  });

  test('leave out what the recipe does not want', () => {
    const wanted = { suite: 'trixie', updates: false, security: false };
    expect(list(wanted, 'x').match(/^Suites: .*$/gm)).toEqual(['Suites: trixie']);
  });

  test('of Ubuntu name its own security mirror, and on arm64 that of its ports', () => {
    const wanted = { distro: 'ubuntu', suite: 'noble', components: ['main', 'universe'] };
    const keyring = 'usr/share/keyrings/ubuntu-archive-keyring.gpg';
    const uris = (text: string) => text.match(/^URIs: .*$/gm);
    expect(uris(list(wanted, keyring))).toEqual([
      'URIs: http://mirror.example/own',
      'URIs: http://security.ubuntu.com/ubuntu',
    ]);
    expect(uris(list(wanted, keyring, 'linux/arm64'))?.[1]).toMatch(/ubuntu-ports$/);
    expect(list(wanted, keyring)).toContain(`Signed-By: /${keyring}\n`);
  });
});
