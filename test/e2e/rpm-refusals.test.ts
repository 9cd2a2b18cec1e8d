import { appendFileSync, copyFileSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Server, serve } from '../support/http-server.ts';
import { buildsFolder, engineArgs, readJson } from './support/alpine-builds.ts';
import { works } from './support/engines.ts';
import { noRpm, type RpmDistribution, rpmDistribution } from './support/rpm-distribution.ts';
import { type RpmRecipe, rpmRecipe, wantedRpms } from './support/rpm-recipe.ts';
import { changedPayload, expiredKey, otherKey, resignV3, weakKey } from './support/rpm-signing.ts';

const { work, recipe, run } = buildsFolder();

describe.skipIf(noRpm)(`a distribution of rpm${noRpm ? `: left out, ${noRpm}` : ''}`, () => {
  let made: RpmDistribution;
  let server: Server;
  beforeAll(async () => {
    made = rpmDistribution(join(work, 'dist'));
    server = await serve(made.folder);
    return server.close;
  });

  const text = (more: Partial<RpmRecipe> = {}) => rpmRecipe({ url: server.url, ...more });

  const folderOf = (name: string, of: string, key = made.key) =>
    recipe(name, of, { 'key.asc': key });

  async function built(name: string, of: string): Promise<string> {
    const folder = folderOf(name, of);
    const done = await run([folder, ...engineArgs], '');
    expect(done, done.stderr).toMatchObject({ code: 0 });
    return folder;
  }

  let count = 0;

  /** A clear error with its code and a hint; nothing is built, tagged or left behind. */
  async function expectRefusal(
    of: Partial<RpmRecipe>,
    code: string,
    message: RegExp,
    key?: string,
  ) {
    const name = `testdist-refused-${count++}`;
    const folder = folderOf(name, text({ ...of, name }), key);
    const done = await run([folder, ...engineArgs], '');
    expect(done.stderr).toContain(`code: ${code}`);
    expect(done.stderr.replace(/\s+/g, ' ')).toMatch(message);
    expect(done.stderr).toMatch(/^hint: ./m);
    expect(done.stdout).toBe('');
    const left = readdirSync(folder).sort();
    // The lock that was made holds, whatever fails afterwards.
    const resolved = code === 'BUILD_FAILED';
    const locks = resolved ? ['out', 'recipe.lock.json'] : [];
    expect(left).toEqual(['key.asc', ...locks, 'recipe.yaml']);
    if (resolved) expect(readdirSync(join(folder, 'out'))).toEqual(['lock.json']);
    expect(works('docker', 'image', 'inspect', `mkbase/${name}`)).toBe(false);
  }

  test.each([
    ['pre', /no such luck .*the %pre scriptlet of failing-pre-1\.0-1\.td1\.noarch that failed/],
    // It printed words without an end of line.
    [
      'post',
      /cannot reach the buswarning: .*the %post scriptlet of failing-post-1\.0-1\.td1\.noarch that failed/,
    ],
    ['posttrans', /the %posttrans scriptlet of failing-posttrans-1\.0-1\.td1\.noarch that failed/],
    [
      'lua',
      /nothing to be done .*the %post scriptlet of failing-lua-1\.0-1\.td1\.noarch that failed/,
    ],
    ['trigger', /the %triggerin scriptlet of failing-trigger-1\.0-1\.td1\.noarch that failed/],
  ])('is refused where %s fails, which rpm may not mind', async (name, message) => {
    const packages = `${wantedRpms}, failing-${name}`;
    await expectRefusal({ packages }, 'BUILD_FAILED', message);
  });

  test('is refused with a near name where there is no such package', async () => {
    const message = /no package mydaemn in baseos .* Did you mean mydaemon/;
    await expectRefusal({ packages: `${wantedRpms}, mydaemn` }, 'PACKAGE_NOT_FOUND', message);
  });

  type Change = (copy: RpmDistribution) => void | Promise<void>;

  /** A copy of the distribution with something wrong. */
  async function wrong(name: string, change: Change): Promise<Partial<RpmRecipe>> {
    const copy = rpmDistribution(join(work, `wrong-${name.replaceAll(/\W+/g, '-')}`));
    await change(copy);
    return { url: `file://${copy.folder}` };
  }

  const packageIn = ({ folder }: RpmDistribution, start: string) => {
    const place = join(folder, 'BaseOS/Packages');
    return join(place, readdirSync(place).find((each) => each.startsWith(start)) ?? '');
  };

  /** Changes bash, and lists it as it is then. */
  const withBash =
    (change: (copy: RpmDistribution, file: string) => void | Promise<void>): Change =>
    async (copy) => {
      await change(copy, packageIn(copy, 'bash'));
      copy.index('BaseOS');
    };

  test.each<[string, string, RegExp, Change]>([
    [
      'its list was changed',
      'SOURCE_UNTRUSTED',
      /repomd\.xml/,
      ({ folder }) => appendFileSync(join(folder, 'BaseOS/repodata/repomd.xml'), '<!-- -->\n'),
    ],
    [
      'its list is not signed',
      'SOURCE_UNTRUSTED',
      /baseos is not signed: .*repomd\.xml\.asc is not there/,
      ({ folder }) => rmSync(join(folder, 'BaseOS/repodata/repomd.xml.asc')),
    ],
    [
      'its signature is of another moment',
      'SOURCE_UNTRUSTED',
      /repomd\.xml/,
      ({ folder }) => {
        const of = (name: string) => join(folder, name, 'repodata/repomd.xml.asc');
        copyFileSync(of('AppStream'), of('BaseOS'));
      },
    ],
    [
      'one repository is served in the place of the other',
      'SOURCE_UNTRUSTED',
      /The repositories baseos and appstream have the very same list: .*BaseOS .*AppStream/,
      ({ folder }) => {
        rmSync(join(folder, 'BaseOS'), { recursive: true });
        cpSync(join(folder, 'AppStream'), join(folder, 'BaseOS'), { recursive: true });
      },
    ],
    [
      'its list of packages is that of another moment',
      'SOURCE_CORRUPT',
      /-primary\.xml/,
      (copy) => {
        const place = join(copy.folder, 'BaseOS/repodata');
        const primary = () =>
          join(place, readdirSync(place).find((each) => each.includes('primary')) ?? '');
        const before = readFileSync(primary());
        rmSync(packageIn(copy, 'shadow-utils'));
        copy.index('BaseOS');
        copy.write(primary(), before);
      },
    ],
    [
      'a package is not the one that is listed',
      'SOURCE_CORRUPT',
      /bash-5\.2\.37/,
      (copy) => {
        const file = packageIn(copy, 'bash');
        // The package as it was is in the store, from the tests before.
        copy.run('rpmsign', '--delsign', file);
        copy.run('rpmsign', '--addsign', file);
        copy.index('BaseOS');
        copy.write(file, changedPayload(file));
      },
    ],
    [
      'a package is not signed',
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos is not signed/,
      withBash((copy, file) => void copy.run('rpmsign', '--delsign', file)),
    ],
    [
      'a package was changed after it was signed, and is listed so',
      'SOURCE_CORRUPT',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos was changed after it was signed: the sha256 of its payload/,
      withBash((copy, file) => copy.write(file, changedPayload(file))),
    ],
    [
      'a package has the signature of another one',
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos .*it does not hold/,
      withBash(async (copy, file) =>
        copy.write(file, await resignV3(copy, file, { of: packageIn(copy, 'coreutils') })),
      ),
    ],
    [
      'a package has a signature of version 3 over a SHA-1',
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos .*its hash algorithm is too weak/,
      withBash(async (copy, file) => copy.write(file, await resignV3(copy, file, { hash: 2 }))),
    ],
  ])('is refused where %s', async (name, code, message, change) => {
    await expectRefusal(await wrong(name, change), code, message);
  });

  test('is taken where a package has a signature of version 3 over a SHA-256', async () => {
    const change = withBash(async (copy, file) => copy.write(file, await resignV3(copy, file)));
    const folder = await built('v3', text(await wrong('version 3', change)));
    const { packages } = readJson<{
      from: { rpm: { packages: { name: string; signedBy: string[] }[] } };
    }>(join(folder, 'out/lock.json')).from.rpm;
    const bash = packages.find(({ name }) => name === 'bash');
    expect(bash?.signedBy).toEqual([made.fingerprint]);
  });

  test.each([
    ['has expired', expiredKey, /repomd\.xml .*expired/],
    ['has signed itself with SHA-1', weakKey, /has signed itself with a broken hash only/],
    ['is another one', otherKey, /is not among the trusted keys/],
  ])('is refused where its key %s', async (name, keyOf, message) => {
    let key = '';
    const of = await wrong(name, (copy) => {
      key = keyOf(copy);
    });
    await expectRefusal(of, 'SOURCE_UNTRUSTED', message, key);
    await expectRefusal({ ...of, signed: 'packages' }, 'SOURCE_UNTRUSTED', /\.rpm of baseos /, key);
  });

  test('is refused where its list is older than the one that was seen before', async () => {
    const copy = rpmDistribution(join(work, 'rolled-back'));
    copy.index('BaseOS', 1_710_000_000);
    const of = { url: `file://${copy.folder}` };
    await built('newer', text(of));
    copy.index('BaseOS', 1_700_000_000);
    await expectRefusal(of, 'SOURCE_UNTRUSTED', /older than the one of 2024-03-09/);
  });

  test('whose packages alone are signed says so in its lock', async () => {
    const copy = rpmDistribution(join(work, 'packages-only'));
    for (const name of ['BaseOS', 'AppStream'])
      rmSync(join(copy.folder, name, 'repodata/repomd.xml.asc'));
    const of = { url: `file://${copy.folder}`, signed: 'packages' as const };
    const folder = await built('packages-only', text(of));
    const { repositories } = readJson<{ from: { rpm: { repositories: { signed: string }[] } } }>(
      join(folder, 'out/lock.json'),
    ).from.rpm;
    expect(repositories.map(({ signed }) => signed)).toEqual(['packages', 'packages']);
    copy.run('rpmsign', '--delsign', packageIn(copy, 'bash'));
    copy.index('BaseOS', 1_720_000_000);
    await expectRefusal(
      of,
      'SOURCE_UNTRUSTED',
      /bash-5\.2\.37-3\.td1\.x86_64\.rpm of baseos is not signed/,
    );
  });
});
