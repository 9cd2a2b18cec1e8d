import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { build } from '../../src/commands/build.ts';
import type { buildImage as BuildImage } from '../../src/pipeline/build-image.ts';
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
      platform: 'linux/arm64',
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

  test('builds several recipes one after another and stops at the first failure', async () => {
    buildImage.mockImplementation(async ({ recipe }) => {
      if (recipe === 'lua') throw new MkbaseError({ code: 'TEST_FAILED', message: 'no' });
      return firstResult;
    });
    const context = createContext();
    expect(await build(['hello', 'lua', 'hello-cpp'], defaults, context)).toBe(8);
    expect(buildImage.mock.calls.map(([{ recipe }]) => recipe)).toEqual(['hello', 'lua']);
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
