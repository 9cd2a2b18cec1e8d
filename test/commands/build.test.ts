import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { build } from '../../src/commands/build.ts';
import type { buildImage as BuildImage } from '../../src/pipeline/build-image.ts';
import type { BuildRequest } from '../../src/pipeline/request.ts';
import { temporaryFolder } from '../support/folder.ts';
import { firstBuild, firstResult } from '../support/ui/build-events.ts';
import { createContext } from '../support/ui/context.ts';

const buildImage = vi.hoisted(() => vi.fn());
vi.mock('../../src/pipeline/build-image.ts', () => ({ buildImage }));

const defaults = { engine: 'auto', cache: true, test: true, progress: 'plain' } as const;

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
});
beforeEach(() => {
  buildImage.mockReset();
  buildImage.mockImplementation((async (_, __, { emit }) => {
    for (const { event } of firstBuild) emit(event);
    return firstResult;
  }) satisfies typeof BuildImage);
});

describe('mkbase build', () => {
  test('hands flags to the pipeline as they are meant', async () => {
    const options = {
      ...defaults,
      engine: 'podman',
      platform: ['linux/arm64'],
      cache: false,
      test: false,
      offline: true,
      tag: ['me/hello', 'me/hello:latest', 'me/hello:1'],
      output: ['type=oci,dest=out/', 'type=docker,dest=a.tar', 'type=import'],
      out: 'elsewhere',
      mirror: 'http://mirror.example/debian',
      allow: ['unsigned-archive'],
    } as const;
    const context = { ...createContext(), cwd: '/home/me', env: { CI: 'true' } };
    expect(await build(['hello'], options, context)).toBe(0);
    expect(buildImage.mock.calls[0]?.[0]).toEqual({
      recipe: 'hello',
      engine: 'podman',
      platform: 'linux/arm64',
      outputs: [
        { type: 'oci', dest: '/home/me/out/' },
        { type: 'docker', dest: '/home/me/a.tar' },
        { type: 'import' },
      ],
      out: 'elsewhere',
      tags: ['me/hello:latest', 'me/hello:1'],
      mirror: 'http://mirror.example/debian',
      allow: ['unsigned-archive'],
      offline: true,
      noCache: true,
      noTest: true,
    });
  });

  test('shows progress on stderr and a summary on stdout that ends with the next command', async () => {
    const context = createContext();
    expect(await build(['hello'], defaults, context)).toBe(0);
    expect(context.stderr.text()).toContain('Fetching 52 packages');
    expect(context.stdout.text().trimEnd().split('\n').at(-1)).toBe(
      'next     docker run --rm mkbase/hello',
    );
  });

  test('does not tell people to run a base image that has no command', async () => {
    buildImage.mockResolvedValue({ ...firstResult, tests: [] });
    const context = createContext();
    await build(['distroless-static'], defaults, context);
    expect(context.stdout.text()).toContain('next     docker image inspect');
  });

  const failing = async ({ recipe }: BuildRequest) => {
    if (recipe === 'lua') throw new MkbaseError({ code: 'TEST_FAILED', message: 'no' });
    return { ...firstResult, recipe };
  };

  test('builds all of several recipes though one fails, and exits with the code of that one', async () => {
    buildImage.mockImplementation(failing);
    const context = createContext();
    expect(await build(['hello', 'lua', 'hello-cpp'], defaults, context)).toBe(8);
    expect(buildImage.mock.calls.map(([{ recipe }]) => recipe)).toEqual([
      ...['hello', 'lua', 'hello-cpp'],
    ]);
    const rows = context.stdout.text().trimEnd().split('\n');
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2).join(' '))).toEqual([
      ...['recipe time', 'hello built', 'hello-cpp built'],
    ]);
    expect(context.stderr.text()).toMatch(
      /lua failed\nerror: no\ncode: TEST_FAILED\n2 of 3 built; failed: lua\n$/,
    );
  });

  test('prints the image of each that was built, in the order given, with --quiet', async () => {
    buildImage.mockImplementation(async (request: BuildRequest) => {
      const { recipe } = request;
      await pause(recipe === 'hello' ? 20 : 0);
      return { ...(await failing(request)), imageId: `id of ${recipe}` };
    });
    const context = createContext();
    const options = { ...defaults, quiet: true, jobs: 3 } as const;
    await build(['hello', 'hello-cpp', 'hello'], options, context);
    expect(context.stdout.text()).toBe('id of hello\nid of hello-cpp\n');
  });

  test.each([1, 2])('runs at most as many builds side by side as asked for: %i', async (jobs) => {
    let [now, most] = [0, 0];
    buildImage.mockImplementation(async () => {
      now += 1;
      most = Math.max(most, now);
      await pause(5);
      now -= 1;
      return firstResult;
    });
    await build(['hello', 'lua', 'hello-cpp', 'busybox'], { ...defaults, jobs }, createContext());
    expect(most).toBe(jobs);
  });

  test('begins no further build of several once it is stopped, and says so of each', async () => {
    const controller = new AbortController();
    buildImage.mockImplementation(async () => {
      controller.abort(new MkbaseError({ code: 'INTERRUPTED', message: 'Stopped by SIGINT.' }));
      throw controller.signal.reason;
    });
    const context = { ...createContext(), signal: controller.signal };
    expect(await build(['hello', 'lua'], { ...defaults, jobs: 1 }, context)).toBe(130);
    expect(buildImage).toHaveBeenCalledTimes(1);
    expect(context.stderr.text()).toContain('0 of 2 built; failed: hello, lua');
  });

  test('refuses two recipes of one name, whose files would be the same', async () => {
    const cwd = temporaryFolder();
    const recipe =
      'name: same\ndescription: A.\nfrom: { static: { toolchain: gcc-musl, sources: [a.c] } }\n';
    for (const name of ['one', 'other']) {
      await mkdir(join(cwd, name));
      await writeFile(join(cwd, name, 'recipe.yaml'), recipe);
      await writeFile(join(cwd, name, 'a.c'), '');
    }
    const context = { ...createContext(), cwd };
    await expect(build(['./one', './other'], defaults, context)).rejects.toThrow(
      './one and ./other both write to mkbase-out/same.',
    );
    expect(buildImage).not.toHaveBeenCalled();
  });

  test('writes the files that scripts read, whole, and leaves no other', async () => {
    const metadataFile = join(folder, 'metadata.json');
    const iidfile = join(folder, 'id');
    await writeFile(iidfile, 'old');
    const options = { ...defaults, json: true, metadataFile, iidfile } as const;
    await build(['hello'], options, createContext());
    expect(JSON.parse(await readFile(metadataFile, 'utf8'))).toEqual(firstResult);
    expect(await readFile(iidfile, 'utf8')).toBe(firstResult.imageId);
    expect((await readdir(folder)).sort()).toEqual(['id', 'metadata.json']);
  });

  test('keeps the old file, shows no result and fails when a file cannot be written', async () => {
    const context = createContext();
    const options = { ...defaults, iidfile: join(folder, 'missing', 'id') };
    expect(await build(['hello'], options, context)).toBe(9);
    expect(context.stdout.text()).toBe('');
    expect(context.stderr.text()).toContain('code: IO');
  });

  test('asks whether a command was meant when there is no such recipe', async () => {
    buildImage.mockRejectedValue(
      new MkbaseError({ code: 'RECIPE_NOT_FOUND', message: 'No recipe "lst".', hint: 'See list.' }),
    );
    const context = createContext();
    expect(await build(['lst'], defaults, context)).toBe(3);
    expect(context.stderr.text()).toContain(
      'hint: Did you mean the command "mkbase list"? See list.',
    );
  });

  test('calls an unexpected error a defect', async () => {
    buildImage.mockRejectedValue(new TypeError('x is not a function'));
    const context = createContext();
    expect(await build(['hello'], defaults, context)).toBe(1);
    expect(context.stderr.text()).toContain('This is a defect in mkbase: TypeError');
  });

  test('says that it is stopping when it is asked to', async () => {
    const controller = new AbortController();
    const interrupted = new MkbaseError({ code: 'INTERRUPTED', message: 'Stopped by SIGINT.' });
    buildImage.mockImplementation(async () => {
      controller.abort(interrupted);
      throw interrupted;
    });
    const context = createContext({}, controller.signal);
    expect(await build(['hello'], defaults, context)).toBe(130);
    expect(context.stderr.text()).toBe(
      'Stopping; press Ctrl-C again to stop at once.\nerror: Stopped by SIGINT.\n',
    );
  });
});
