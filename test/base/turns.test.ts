import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { turns } from '../../src/base/turns.ts';

test('works of one key run one after another, in order, and those of another beside them', async () => {
  const inTurn = turns();
  const said: string[] = [];
  const work = (name: string, milliseconds: number) => async () => {
    said.push(`${name} begins`);
    await pause(milliseconds);
    said.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all([
    inTurn('a', work('first', 30)),
    inTurn('a', work('second', 0)),
    inTurn('b', work('other', 5)),
  ]);
  expect(results).toEqual(['first', 'second', 'other']);
  expect(said.indexOf('second begins')).toBe(said.indexOf('first ends') + 1);
  expect(said.indexOf('other ends')).toBeLessThan(said.indexOf('first ends'));
});

test('a work that fails rejects for its own caller alone', async () => {
  const inTurn = turns();
  const failing = inTurn('a', async () => Promise.reject(new Error('broken')));
  const after = inTurn('a', async () => 'whole');
  await expect(failing).rejects.toThrow('broken');
  expect(await after).toBe('whole');
  expect(await inTurn('a', async () => 'again')).toBe('again');
});
