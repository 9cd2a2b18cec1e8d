import { describe, expect, test } from 'vitest';
import { rulesFor, settle } from '../../../src/kinds/rpm/settle.ts';
import { readContent } from '../../../src/tar/content.ts';
import { file } from '../../support/tar.ts';

const context = { epoch: 86_400 * 100, database: 'var/lib/rpm' };

describe('what rpm installed', () => {
  test('is left without what moves from build to build', async () => {
    const made = [
      file('etc/passwd', 'root'),
      file('etc/passwd-', 'root'),
      file('var/lib/rpm/rpmdb.sqlite', 'database'),
      file('var/lib/rpm/rpmdb.sqlite-shm', 'memory'),
      file('var/lib/rpm/rpmdb.sqlite-wal', ''),
      file('var/cache/ldconfig/aux-cache', 'inodes'),
      file('tmp/a/b', 'scratch'),
    ];
    const paths = (await settle(made, context)).map(({ path }) => path);
    expect(paths).toEqual(['etc/passwd', 'var/lib/rpm/rpmdb.sqlite']);
  });

  test('has no identity of a machine and no day of a build', async () => {
    const shadow = 'root:*:19700:0:99999:7:::\nbin:!:0:::::\nnew:!!:20000::::::\n';
    const [id, settled] = await settle(
      [file('etc/machine-id', 'abc\n'), file('etc/shadow', shadow)],
      context,
    );
    expect(id).toMatchObject({ size: 0 });
    const content = settled?.type === 'file' ? settled.content : { bytes: Buffer.alloc(0) };
    expect((await readContent(content)).toString()).toBe(
      'root:*:100:0:99999:7:::\nbin:!:0:::::\nnew:!!:100::::::\n',
    );
  });

  test('is refused where the database was left unfinished', async () => {
    const made = [file('var/lib/rpm/rpmdb.sqlite-wal', 'pages')];
    await expect(settle(made, context)).rejects.toMatchObject({ code: 'BUILD_OUTPUT' });
  });

  test('is changed by rules that all give a reason', () => {
    for (const { reason, paths } of rulesFor(context)) {
      expect(reason.length).toBeGreaterThan(10);
      expect(paths.length).toBeGreaterThan(0);
    }
  });
});
