import { describe, expect, test } from 'vitest';
import { settleTimes } from '../../src/kinds/settle-times.ts';
import { directory, file, hardlink } from '../support/tar.ts';

const epoch = 1000;
const sent = (begin: number, end: number, ...mtimes: number[]) => [
  file('begin', '', { mtime: begin }),
  file('end', '', { mtime: end }),
  directory('root', { mtime: begin }),
  ...mtimes.map((mtime, index) => file(`root/${index}`, '', { mtime })),
];
const settled = (...of: Parameters<typeof sent>) =>
  settleTimes(sent(...of), epoch).map(({ mtime }) => mtime);

describe('times', () => {
  test('of what was made while the builder worked become the epoch', () => {
    expect(settled(5000, 5010, 4999, 5000, 5007, 5010, 5011)).toEqual([
      4999, 1000, 1000, 1000, 5011,
    ]);
  });

  test('of folders become the epoch, since they tell in which order packages were unpacked', () => {
    const tree = [...sent(50, 60), directory('root/usr', { mtime: 10 })];
    expect(settleTimes(tree, epoch)).toMatchObject([{ path: 'usr', mtime: epoch }]);
  });

  test('are the same whatever the clock says', () => {
    const packages = [10, 900, 2000];
    expect(settled(50, 60, ...packages, 55)).toEqual([...packages, epoch]);
    expect(settled(90_000, 90_010, ...packages, 90_005)).toEqual([...packages, epoch]);
  });

  test('are told with paths of the new root, and so are links', () => {
    const tree = [...sent(5, 6, 1), hardlink('root/link', 'root/0')];
    expect(settleTimes(tree, epoch)).toMatchObject([
      { path: '0', mtime: 1 },
      { path: 'link', target: '0' },
    ]);
  });

  test('cannot be settled when the builder does not say when it worked', () => {
    expect(() => settleTimes([file('begin')], epoch)).toThrow(
      expect.objectContaining({ code: 'BUILD_OUTPUT' }),
    );
  });
});
