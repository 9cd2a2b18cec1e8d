import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { platforms } from '../../../../src/base/platform.ts';
import { suitesOf } from '../../../../src/kinds/debootstrap/choose/suites.ts';
import { debootstrap } from '../../../../src/kinds/debootstrap/schema.ts';
import { readAptSources } from '../../../../src/packages/deb/archive/apt-sources.ts';
import { debianContext } from '../../../../src/packages/deb/archive/debian-context.ts';
import { ageLimit } from '../../../../src/packages/deb/archive/distribution.ts';
import { debianMirrors } from '../../../../src/packages/deb/archive/mirrors.ts';
import { parseRelease } from '../../../../src/packages/deb/archive/release.ts';
import {
  namedUbuntuMirrors,
  ubuntuMirrors,
} from '../../../../src/packages/deb/archive/ubuntu-mirrors.ts';
import { keyringFolder, trustedKeys } from '../../../../src/packages/openpgp/keys.ts';
import type { Store } from '../../../../src/store/store.ts';

const amd64 = platforms['linux/amd64'];
const arm64 = platforms['linux/arm64'];
const nothing = { main: undefined, security: undefined };
const oldReleases = 'http://old-releases.ubuntu.com/ubuntu';
const past = { main: oldReleases, security: oldReleases };
const on = (date: string) => new Date(`${date}T12:00:00Z`);

describe('how old an index may be', () => {
  const limit = (suite: string, distribution: 'debian' | 'ubuntu', date: string) => {
    const { days, from } = ageLimit(suite, distribution, on(date));
    return [days, from.toISOString().slice(0, 10)];
  };

  test('is a year for a suite that changes, a month for its updates', () => {
    const now = '2026-11-20';
    expect(limit('trixie', 'debian', now)).toEqual([365, now]);
    expect(limit('trixie-security', 'debian', now)).toEqual([30, now]);
    expect(limit('noble-updates', 'ubuntu', now)).toEqual([30, now]);
  });

  test('counts from the last day on which the distribution changed it', () => {
    expect(limit('trixie', 'debian', '2028-08-10')).toEqual([365, '2028-08-09']);
    expect(limit('noble', 'ubuntu', '2026-11-20')).toEqual([365, '2024-04-25']);
    expect(limit('xenial-security', 'ubuntu', '2026-11-20')).toEqual([90, '2021-04-30']);
  });

  test('tells updates, which end with regular support, from security updates, which do not', () => {
    const now = '2026-08-01';
    expect(limit('bookworm-updates', 'debian', now)).toEqual([90, '2026-07-11']);
    expect(limit('bookworm-security', 'debian', now)).toEqual([30, now]);
    expect(limit('bullseye-security', 'debian', '2026-11-20')).toEqual([90, '2026-08-31']);
    expect(limit('buster/updates', 'debian', '2026-11-20')).toEqual([90, '2024-06-30']);
  });

  test('does not take one distribution for the other', () => {
    expect(limit('noble', 'debian', '2026-11-20')).toEqual([365, '2026-11-20']);
  });
});

test('a date is read as each archive writes it: Ubuntu pads hours with a blank', () => {
  const text = (date: string) => `Suite: noble\nDate: ${date}\nSHA256:\n ${'0'.repeat(64)} 1 x\n`;
  const dated = (date: string) => parseRelease(text(date), 'InRelease').date;
  const expected = Date.parse('2026-11-19T00:50:08Z') / 1000;
  expect(dated('Thu, 19 Nov 2026  0:50:08 UTC')).toBe(expected);
  expect(dated('Thu, 19 Nov 2026 00:50:08 UTC')).toBe(expected);
  expect(() => dated('Thu, 19 Nov 2026 0:50:08 UTC')).toThrow(/not a date/);
});

describe("Ubuntu's trust store", () => {
  const folder = join(keyringFolder, 'ubuntu');

  test('holds exactly the keys that its README names', async () => {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/\| `([0-9A-F]{40})` \|/g)].map((match) => match[1]);
    const keys = await trustedKeys([], 'ubuntu');
    expect(keys.map((key) => key.getFingerprint().toUpperCase()).sort()).toEqual(named.sort());
    for (const name of execFileSync('ls', [folder]).toString().trim().split('\n')) {
      if (name !== 'README.md') expect(readme).toContain(`\`${name}\``);
    }
  });

  test('has no key in common with that of Debian', async () => {
    const debian = (await trustedKeys()).map((key) => key.getFingerprint());
    const ubuntu = (await trustedKeys([], 'ubuntu')).map((key) => key.getFingerprint());
    expect(debian.filter((each) => ubuntu.includes(each))).toEqual([]);
  });
});

describe("Ubuntu's mirrors", () => {
  test('are its own, and its ports for other architectures', () => {
    const own = 'http://archive.ubuntu.com/ubuntu';
    expect(ubuntuMirrors(nothing, undefined, amd64).main).toBe(own);
    const { main, security } = ubuntuMirrors(nothing, undefined, arm64);
    expect(main).toMatch(/ubuntu-ports$/);
    expect(security).toBe(main);
  });

  test('come from the flag before the environment before the recipe, for security updates too', () => {
    const env = { MKBASE_UBUNTU_MIRROR: 'http://env.example/ubuntu/' };
    const recipe = 'http://recipe.example/ubuntu';
    const flag = 'http://flag.example/ubuntu';
    const of = (from: Parameters<typeof namedUbuntuMirrors>[0]) =>
      ubuntuMirrors(namedUbuntuMirrors(from), recipe, amd64);
    const both = (url: string) => ({ main: url, security: url, past });
    expect(of({ flag, env })).toEqual(both(flag));
    expect(of({ env })).toEqual(both('http://env.example/ubuntu'));
    expect(of({ env: {} })).toEqual(both(recipe));
    const security = { MKBASE_UBUNTU_SECURITY_MIRROR: 'http://security.example/ubuntu' };
    expect(of({ flag, env: security })).toEqual({
      past,
      main: flag,
      security: 'http://security.example/ubuntu',
    });
  });

  test('of releases that have ended lie below the folder that the environment names', () => {
    const env = { MKBASE_UBUNTU_ARCHIVE: 'http://past.example/' };
    const { past } = ubuntuMirrors(namedUbuntuMirrors({ env }), undefined, amd64);
    expect(past?.main).toBe('http://past.example/ubuntu');
  });

  test('that are none are refused', () => {
    const env = { MKBASE_UBUNTU_MIRROR: 'ftp://mirror.example/ubuntu' };
    expect(() => namedUbuntuMirrors({ env })).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

describe('a debootstrap recipe', () => {
  const source = (fields: object) => debootstrap.parse(fields);

  const mirrorsOf = async (fields: object, mirror: string | undefined, env = {}) => {
    const { distro, ...own } = source({ suite: 'trixie', ...fields });
    const sources = { store: {} as Store, offline: false, mirror, env, allow: [], now: new Date() };
    const choice = { distribution: distro, mirror: own.mirror };
    return (await debianContext(choice, amd64, sources)).mirrors;
  };

  test('takes the mirror of this run, else its own, else what is known', async () => {
    const flag = 'http://flag.example/debian';
    const env = { MKBASE_DEBIAN_MIRROR: 'http://env.example/debian' };
    const own = { mirror: 'http://recipe.example/debian' };
    const known = debianMirrors({ env: {}, aptSources: await readAptSources() });
    expect(await mirrorsOf({}, undefined)).toEqual(known);
    expect(await mirrorsOf(own, flag, env)).toEqual({ ...known, main: flag });
    expect(await mirrorsOf(own, undefined, env)).toEqual({
      ...known,
      main: env.MKBASE_DEBIAN_MIRROR,
    });
    expect(await mirrorsOf(own, undefined)).toEqual({ ...known, main: own.mirror });
  });

  test("of Ubuntu takes Ubuntu's mirrors in the same order", async () => {
    const flag = 'http://flag.example/ubuntu';
    const own = { distro: 'ubuntu', suite: 'noble', mirror: 'http://recipe.example/ubuntu' };
    const both = (url: string) => ({ main: url, security: url, past });
    const env = { MKBASE_DEBIAN_MIRROR: 'http://env.example/debian' };
    expect(await mirrorsOf(own, flag, env)).toEqual(both(flag));
    expect(await mirrorsOf(own, undefined, env)).toEqual(both(own.mirror));
  });

  test('takes packages from the suite, its updates and its security updates', () => {
    expect(suitesOf(source({ suite: 'trixie' }))).toEqual([
      { suite: 'trixie', mirror: 'main' },
      { suite: 'trixie-updates', mirror: 'main' },
      { suite: 'trixie-security', mirror: 'security' },
    ]);
    expect(suitesOf(source({ suite: 'trixie', updates: false, security: false }))).toHaveLength(1);
    expect(suitesOf(source({ suite: 'buster' }))[2]?.suite).toBe('buster/updates');
    expect(suitesOf(source({ suite: 'sid' }))).toHaveLength(1);
    expect(suitesOf(source({ distro: 'ubuntu', suite: 'noble' }))).toHaveLength(3);
  });
});
