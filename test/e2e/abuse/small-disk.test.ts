import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderForEachTest } from '../../support/folder.ts';
import { wrongBlobs } from '../support/blobs.ts';
import { type BusyboxOptions, busyboxRecipe } from '../support/busybox-recipe.ts';
import { secondDaemon } from '../support/docker-daemon.ts';
import { everySetting } from '../support/engines.ts';
import { observe } from '../support/observed-run.ts';
import { smallDisk } from '../support/small-disk.ts';
import { traces } from '../support/traces.ts';
import { warmStore } from '../support/warm-store.ts';

const folder = folderForEachTest();
const isRoot = process.getuid?.() === 0;

interface Full {
  readonly what: string;
  readonly disk: 'cache' | 'out' | 'dest';
  readonly options: BusyboxOptions;
  readonly flags?: readonly string[];
  readonly engines?: readonly string[];
}

/** One engine with a daemon stands for the other. */
const ofRoot = everySetting.filter(
  ({ missing, title }) => !missing && ['docker', 'namespace as root'].includes(title),
);

const much = 130_000_000;
const full: readonly Full[] = [
  {
    what: 'a builder is unpacked',
    disk: 'cache',
    options: { toolchainBytes: much },
    engines: ['namespace'],
  },
  {
    what: 'the output of a builder comes',
    disk: 'cache',
    options: { programBytes: much },
  },
  {
    what: 'the root file system is written',
    disk: 'cache',
    options: { imageBytes: much },
  },
  {
    what: 'an archive is written',
    disk: 'dest',
    options: { imageBytes: much },
    flags: ['--output', 'type=oci,dest=disk/image.tar'],
  },
];

describe.skipIf(!isRoot)('a disk that is full', () => {
  for (const { title, engine, settings } of ofRoot) {
    test.each(full.filter(({ engines }) => engines?.includes(engine) ?? true))(
      `when $what, with ${title}, is named, nothing is left, and with room the same command succeeds`,
      async ({ disk, options, flags = [] }) => {
        const work = folder();
        const { env = {}, ...rest } = settings();
        const place = join(work, 'disk');
        const cache = disk === 'cache' ? place : join(work, 'cache');
        const small = smallDisk(place, 120);
        try {
          await warmStore(cache);
          const word = `small-disk-${process.pid}`;
          const own = { cwd: work, ...rest, env: { ...env, XDG_CACHE_HOME: cache, WORD: word } };
          const recipe = busyboxRecipe(join(work, 'recipe'), options);
          const args = [recipe, '--engine', engine, '--json', ...flags];
          const run = await observe(args, own);
          expect(run.events.at(-1)).toMatchObject({ code: 'NO_SPACE', hint: expect.any(String) });
          expect(run).toMatchObject({ code: 9, stdout: '' });
          expect(
            traces({ engine, pids: [run.pid], folders: [work], word }).filter(
              (t) => !t.includes(`${place} `),
            ),
          ).toEqual([]);
          expect(await wrongBlobs(cache)).toEqual([]);
          small.grow(800);
          expect(await observe(args, own)).toMatchObject({ code: 0 });
        } finally {
          small.remove();
        }
      },
    );
  }

  test.skipIf(!ofRoot.some(({ engine }) => engine === 'docker'))(
    'under the images of a Docker daemon is named, and nothing is tagged',
    async () => {
      const work = folder();
      const small = smallDisk(join(work, 'disk'), 120);
      const daemon = await secondDaemon(join(work, 'daemon'), join(work, 'disk/data'));
      try {
        const word = `small-disk-${process.pid}`;
        const own = { cwd: work, env: { ...daemon.env, WORD: word } };
        const recipe = busyboxRecipe(join(work, 'recipe'), { imageBytes: much });
        const args = [recipe, '--engine', 'docker', '--json'];
        const run = await observe(args, own);
        expect(run.events.at(-1)).toMatchObject({ code: 'NO_SPACE', hint: expect.any(String) });
        expect(run).toMatchObject({ code: 9, stdout: '' });
        const images = ['images', '--all', '--format', '{{.Repository}}'];
        const env = { ...process.env, ...daemon.env };
        // The builder is only there where no other test has stored the step's result.
        const left = execFileSync('docker', images, { env }).toString().replace(/\n$/, '');
        expect(['', 'mkbase-toolchain/busybox']).toContain(left);
        small.grow(800);
        expect(await observe(args, own)).toMatchObject({ code: 0 });
      } finally {
        await daemon.end();
        execFileSync('sh', [
          '-c',
          'grep -o " $0/[^ ]*" /proc/mounts | sort -r | xargs -r -n1 umount',
          work,
        ]);
      }
    },
  );
});
