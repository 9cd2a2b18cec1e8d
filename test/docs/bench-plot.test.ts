import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';

interface Plotted {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly { name: string; points: number[][] }[];
}

const { plot }: { plot: (plotted: Plotted) => string } = await import(
  join(import.meta.dirname, '../../bench/plot.mjs')
);

const words = { title: 'Time & size', x: 'MB', y: 's' };

function pointsOf(svg: string): number[][][] {
  new SaxesParser().write(svg).close();
  return [...svg.matchAll(/<polyline points="([^"]+)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  );
}

test('a plot of the benches is well-formed, and has a line with each point in its place for each side', () => {
  const svg = plot({
    ...words,
    series: [
      {
        name: 'mkbase',
        points: [
          [1000, 20],
          [1, 5],
        ],
      },
      {
        name: 'a < b',
        points: [
          [1, 0],
          [1000, 20],
        ],
      },
    ],
  });
  const [ours, theirs] = pointsOf(svg);
  expect(ours?.[1]).toEqual(theirs?.[1]);
  expect(ours?.[0]?.[0]).toBe(theirs?.[0]?.[0]);
  expect(ours![0]![1]!).toBeLessThan(theirs![0]![1]!);
  expect(ours![0]![0]!).toBeLessThan(ours![1]![0]!);
});

test('a plot of nothing but zeros still has axes', () => {
  expect(pointsOf(plot({ ...words, series: [{ name: 'a', points: [[0, 0]] }] }))[0]![0]).toEqual([
    ...[expect.any(Number), expect.any(Number)],
  ]);
});
