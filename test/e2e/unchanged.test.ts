import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { everySetting } from './support/engines.ts';
import { mkbase, root } from './support/mkbase.ts';

const work = temporaryFolder({ shared: true });

interface Result {
  readonly cached: boolean;
  readonly diffId: string;
  readonly imageId: string | null;
}

for (const { title, engine, settings, missing } of everySetting) {
  describe.skipIf(missing)(
    `an unchanged recipe, with ${title}${missing ? `: left out, ${missing}` : ''}`,
    () => {
      const folder = join(work, title.replaceAll(' ', '-'));
      const recipe = join(folder, 'recipe');
      const build = async (): Promise<Result> => {
        const args = [recipe, '--engine', engine, '--tag', 'mkbase/unchanged', '--json'];
        const run = await mkbase([...args, '--out', join(folder, 'out')], {
          cwd: work,
          ...settings(),
        });
        expect(run).toMatchObject({ code: 0 });
        return JSON.parse(run.stdout) as Result;
      };

      test('is not built again, and gives the same result', async () => {
        cpSync(join(root, 'recipes/hello'), recipe, { recursive: true });
        execFileSync('chmod', ['-R', 'a+rwX', folder]);
        const first = await build();
        expect(first.cached).toBe(false);
        expect(await build()).toEqual({ ...first, cached: true, timings: expect.anything() });
      });

      test('is built again when a source has changed', async () => {
        const before = await build();
        appendFileSync(join(recipe, 'hello.c'), '/* changed */\n');
        const after = await build();
        expect(after).toMatchObject({ cached: false, diffId: before.diffId });
      });

      test('is built again when its result is gone', async () => {
        await build();
        if (engine === 'namespace') rmSync(join(folder, 'out/image.oci.tar'));
        else execFileSync(engine, ['rmi', 'mkbase/unchanged'], { stdio: 'ignore' });
        expect((await build()).cached).toBe(false);
      });

      test('is built again when its source was put back to an older time', async () => {
        await build();
        utimesSync(join(recipe, 'hello.c'), 1, 1);
        expect((await build()).cached).toBe(false);
        expect((await build()).cached).toBe(true);
      });
    },
  );
}
