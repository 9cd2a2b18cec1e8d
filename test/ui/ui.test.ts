import { describe, expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { imageName, type ResultMode } from '../../src/ui/summary.ts';
import { createUi, resolveProgress } from '../../src/ui/ui.ts';
import { failedBuild, firstBuild, firstResult } from '../support/ui/build-events.ts';
import { createPlayer } from '../support/ui/play.ts';
import { createScreen } from '../support/ui/screen.ts';

const terminal = createScreen({ isTTY: true });

test.each([
  ['a terminal', {}, terminal, 'tty'],
  ['a pipe', {}, createScreen(), 'plain'],
  ['continuous integration', { CI: 'true' }, terminal, 'plain'],
  ['a dumb terminal', { TERM: 'dumb' }, terminal, 'plain'],
] as const)('progress on %s is chosen by itself', (_, env, screen, expected) => {
  expect(resolveProgress('auto', screen, env)).toBe(expected);
});

test('progress that was asked for is not second-guessed', () => {
  expect(resolveProgress('tty', createScreen(), { CI: '1' })).toBe('tty');
});

function setUp(result: ResultMode, progress: 'plain' | 'none' | 'rawjson' = 'plain') {
  const stdout = createScreen();
  const stderr = createScreen();
  const { clock, play } = createPlayer();
  const ui = createUi({ progress, result, stdout, stderr, env: {}, clock });
  return { ui, play, stdout, stderr };
}

describe('a build that went well', () => {
  test('leaves exactly one JSON object on stdout with --json', async () => {
    const { ui, play, stdout, stderr } = setUp('json');
    play(firstBuild, ui.emit);
    await ui.finish(firstResult);
    expect(stdout.text().endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout.text())).toEqual(firstResult);
    expect(Object.keys(JSON.parse(stdout.text()))).toEqual([
      ...['recipe', 'platform', 'engine', 'tags', 'imageId', 'diffId'],
      ...['diffIds', 'manifestDigest'],
      ...['rootfsBytes', 'outputs', 'outDir', 'tests', 'warnings', 'cached', 'timings'],
    ]);
    expect(stderr.text()).toContain('Fetching 52 packages');
  });

  test('leaves only the image ID with --quiet', async () => {
    const { ui, play, stdout, stderr } = setUp('id', 'none');
    play(firstBuild, ui.emit);
    await ui.finish(firstResult);
    expect(stdout.text()).toBe(`${firstResult.imageId}\n`);
    expect(stderr.text()).toBe('');
  });

  test('is named by its manifest where no store gave it an ID', () => {
    expect(imageName({ ...firstResult, imageId: null })).toBe(firstResult.manifestDigest);
  });

  test('leaves stdout to the program that is run', async () => {
    const { ui, stdout } = setUp('none');
    await ui.finish(firstResult);
    expect(stdout.text()).toBe('');
  });
});

describe('a build that failed', () => {
  const error = new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed', hint: 'Mend it.' });

  test.each(['json', 'id', 'summary'] as const)('leaves stdout empty (%s)', async (result) => {
    const { ui, play, stdout, stderr } = setUp(result);
    play(failedBuild, ui.emit);
    await ui.fail(error);
    expect(stdout.text()).toBe('');
    expect(stderr.text()).toContain('error: gcc failed\nhint: Mend it.\ncode: BUILD_FAILED\n');
  });

  test('keeps stderr JSON with rawjson', async () => {
    const { ui, play, stderr } = setUp('json', 'rawjson');
    play(failedBuild, ui.emit);
    await ui.fail(error);
    const last = stderr.text().trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ type: 'error', code: 'BUILD_FAILED' });
  });

  test('shows what the live list wiped away: warnings, and a log that the error does not repeat', async () => {
    const stderr = createScreen({ isTTY: true });
    const { clock, play } = createPlayer();
    const env = { NO_COLOR: '1' };
    const ui = createUi({
      progress: 'tty',
      result: 'summary',
      stdout: createScreen(),
      stderr,
      env,
      clock,
    });
    play(firstBuild.slice(0, -8), ui.emit);
    await ui.fail(error);
    expect(stderr.text()).toContain('-Wunused-variable');
  });
});
