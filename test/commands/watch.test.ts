import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Io } from '../../src/base/events.ts';
import { visitorFor } from '../../src/commands/shell/visitor.ts';
import { watch } from '../../src/commands/watch.ts';
import type { Visitor } from '../../src/steps/visitor.ts';
import { temporaryFolder } from '../support/folder.ts';
import { firstResult } from '../support/ui/build-events.ts';
import { createContext } from '../support/ui/context.ts';

const buildImage = vi.hoisted(() => vi.fn());
vi.mock('../../src/pipeline/build-image.ts', () => ({ buildImage }));
beforeEach(() => {
  buildImage.mockReset();
});

const defaults = { engine: 'auto', cache: true, test: true, progress: 'plain' } as const;
const recipe =
  'name: app\ndescription: A.\nfrom: { static: { toolchain: gcc-musl, sources: [a.c] } }\n';

/** Begins to watch a recipe; `stop` is Ctrl-C. */
function watching(text = recipe) {
  const cwd = temporaryFolder();
  const write = (name: string, contents: string) => writeFileSync(join(cwd, name), contents);
  write('recipe.yaml', text);
  write('a.c', 'int main() {}\n');
  const controller = new AbortController();
  const context = { ...createContext(), cwd, signal: controller.signal };
  const stop = () =>
    controller.abort(new MkbaseError({ code: 'INTERRUPTED', message: 'Stopped by SIGINT.' }));
  return { write, stop, context, ended: watch('.', defaults, context) };
}

/** Waits for as long as a loaded machine may take. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });
const times = (count: number) => until(() => expect(buildImage).toHaveBeenCalledTimes(count));

test('builds at once, again after each change, and says what changed', async () => {
  buildImage.mockResolvedValue(firstResult);
  const { write, stop, context, ended } = watching();
  await until(() => expect(context.stderr.text()).toContain('Watching'));
  write('a.c', 'int main() { return 1; }\n');
  await times(2);
  stop();
  expect(await ended).toBe(0);
  expect(context.stderr.text()).toMatch(/Watching \d paths; Ctrl-C ends it\.\na\.c changed\.\n/);
});

test('gives up a build that is outdated, and goes on after one that failed', async () => {
  buildImage.mockImplementationOnce(async (_, __, { signal }: Io) => {
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  const failure = new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed' });
  buildImage.mockRejectedValueOnce(failure).mockResolvedValue(firstResult);
  const { write, stop, context, ended } = watching();
  await times(1);
  await pause(20);
  write('a.c', 'broken\n');
  await times(2);
  await until(() => expect(context.stderr.text()).toContain('gcc failed'));
  await pause(20);
  write('a.c', 'int main() {}\n\n');
  await times(3);
  stop();
  expect(await ended).toBe(0);
  expect(context.stderr.text()).toContain('error: a.c changed.');
});

test('waits for a recipe to be mended', async () => {
  const wrong = new MkbaseError({ code: 'RECIPE_INVALID', message: 'no such field' });
  buildImage.mockRejectedValueOnce(wrong).mockResolvedValue(firstResult);
  const { write, stop, ended } = watching('name: app\nfrm: {}\n');
  await times(1);
  await pause(20);
  write('recipe.yaml', recipe);
  await times(2);
  stop();
  expect(await ended).toBe(0);
});

test('ends at once with the error where there is no such recipe', async () => {
  const lost = new MkbaseError({ code: 'RECIPE_NOT_FOUND', message: 'No recipe "./lost".' });
  buildImage.mockRejectedValue(lost);
  const context = { ...createContext(), cwd: temporaryFolder() };
  expect(await watch('./lost', defaults, context)).toBe(3);
});

test('lets whoever is in the shell of a failed step leave it before a change is built', async () => {
  let visited: Visitor | undefined;
  let outdated: AbortSignal | undefined;
  buildImage.mockImplementationOnce(async (_, __, { signal }: Io) => {
    outdated = signal;
    visited = visitorFor(createContext(), async () => {});
    await visited.before(undefined);
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  buildImage.mockResolvedValue(firstResult);
  const { write, stop, ended } = watching();
  await times(1);
  await pause(20);
  write('a.c', 'changed\n');
  await pause(1000);
  expect(outdated?.aborted).toBe(false);
  visited?.after(0);
  await times(2);
  stop();
  expect(await ended).toBe(0);
});
