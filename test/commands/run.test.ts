import { beforeEach, describe, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { run } from '../../src/commands/run.ts';
import { firstBuild, firstResult } from '../support/ui/build-events.ts';
import { createContext } from '../support/ui/context.ts';

const { buildImage, openImage, runImage, close, chooseEngine } = vi.hoisted(() => ({
  buildImage: vi.fn(),
  openImage: vi.fn(),
  runImage: vi.fn(),
  close: vi.fn(),
  chooseEngine: vi.fn(),
}));
vi.mock('../../src/pipeline/build-image.ts', () => ({ buildImage }));
vi.mock('../../src/engines/choose.ts', () => ({ chooseEngine }));

const defaults = { engine: 'auto', cache: true, test: true, progress: 'plain' } as const;

beforeEach(() => {
  chooseEngine.mockReset().mockResolvedValue({ openImage });
  openImage.mockReset().mockReturnValue({ run: runImage, close });
  close.mockReset();
  runImage.mockReset().mockResolvedValue({ exitCode: 0 });
  buildImage.mockReset().mockImplementation(async (_, __, { emit }) => {
    for (const { event } of firstBuild) emit(event);
    return firstResult;
  });
});

describe('mkbase run', () => {
  test("runs the stored image on the build's engine, on the terminal's own streams", async () => {
    await run('hello', ['--version', 'x'], defaults, createContext());
    expect(chooseEngine.mock.calls[0]?.[0]).toBe('docker');
    expect(openImage.mock.calls).toEqual([
      [{ kind: 'stored', id: firstResult.imageId, platform: 'linux/amd64' }],
    ]);
    expect(runImage.mock.calls[0]?.[0]).toEqual({
      ...{ stdio: 'inherit', network: 'default', args: ['--version', 'x'] },
    });
    expect(close).toHaveBeenCalledOnce();
  });

  test("leaves the image's own command alone when no arguments are given", async () => {
    await run('hello', [], defaults, createContext());
    expect(runImage.mock.calls[0]?.[0]).toEqual({ stdio: 'inherit', network: 'default' });
  });

  test('ends with the exit code of the program', async () => {
    runImage.mockResolvedValue({ exitCode: 42 });
    expect(await run('hello', [], defaults, createContext())).toBe(42);
  });

  test('keeps stdout for the program; progress goes to stderr', async () => {
    const context = createContext();
    await run('hello', [], defaults, context);
    expect(context.stdout.text()).toBe('');
    expect(context.stderr.text()).toContain('Fetching 52 packages');
  });

  test('says nothing at all with --quiet', async () => {
    const context = createContext();
    await run('hello', [], { ...defaults, quiet: true }, context);
    expect(context.stdout.text() + context.stderr.text()).toBe('');
  });

  test('runs nothing when the build fails', async () => {
    buildImage.mockRejectedValue(new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed' }));
    expect(await run('hello', [], defaults, createContext())).toBe(6);
    expect(runImage).not.toHaveBeenCalled();
  });

  test('shows an engine that fails, and does not say that a stage failed', async () => {
    runImage.mockRejectedValue(new MkbaseError({ code: 'ENGINE_FAILED', message: 'docker died' }));
    const context = createContext();
    expect(await run('hello', [], defaults, context)).toBe(5);
    expect(close).toHaveBeenCalledOnce();
    expect(context.stderr.text()).toMatch(/error: docker died\ncode: ENGINE_FAILED\n$/);
    expect(context.stderr.text()).not.toContain('failed after');
  });
});
