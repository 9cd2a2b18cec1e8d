import { expect, test } from 'vitest';
import { createBuildRows } from '../../src/ui/build-rows.ts';
import { createPalette } from '../../src/ui/screen.ts';
import type { TaskList } from '../../src/ui/task-list.ts';

/** A list that keeps the last text of each row, and how the row ended. */
function keptList() {
  const rows: string[] = [];
  const list: TaskList = {
    add: (title) => {
      const at = rows.push(title) - 1;
      return {
        title: (text) => rows.splice(at, 1, text),
        output: () => {},
        end: (mark, text) => rows.splice(at, 1, `${mark}: ${text}`),
      };
    },
    close: async () => {},
  };
  return { rows, list };
}

test('each of several builds has one row, which says its stage, and in the end what came of it', () => {
  const { rows, list } = keptList();
  const builds = createBuildRows(list, () => 60, createPalette(false));
  const start = (build: string, title: string, at: number) =>
    builds.apply({ type: 'stage-start', stage: 'lock', title, build }, at);
  start('hello', 'Resolving', 0);
  start('lua', 'Resolving', 1000);
  start('hello', 'Building', 2000);
  builds.apply({ type: 'progress', stage: 'build', done: 5, total: 10, build: 'hello' }, 2000);
  builds.redraw(4000);
  expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/^hello Building .*5\/10 B.* 4\.0 s$/),
    'lua Resolving 3.0 s',
  ]);
  builds.end('lua', 'failed', 5000);
  builds.end('lost', 'failed', 5000);
  builds.stop();
  builds.redraw(6000);
  builds.finishAll('done', 7000);
  expect(rows.map((row) => row.replace(/\s+/g, ' '))).toEqual([
    'done: hello 7.0 s',
    'failed: lua Resolving 4.0 s',
    'failed: lost 0 ms',
  ]);
});
