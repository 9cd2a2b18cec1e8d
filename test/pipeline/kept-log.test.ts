import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { hostPlatform } from '../../src/base/platform.ts';
import { logKeeper } from '../../src/pipeline/kept-log.ts';
import type { BuildPlan } from '../../src/pipeline/plan.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordingIo } from '../support/store.ts';

const plan = { recipe: { name: 'demo' }, platform: hostPlatform().name } as BuildPlan;

function keeping() {
  const folder = temporaryFolder();
  const env = { XDG_STATE_HOME: folder };
  const recording = recordingIo();
  const keeper = logKeeper(recording.io, { cwd: '/', env, now: new Date() });
  const log = (line: string) => keeper.io.emit({ type: 'log', stage: 'build', line });
  return { ...recording, ...keeper, log, folder, file: join(folder, 'mkbase/logs/demo.log') };
}

const failed = new MkbaseError({
  ...{ code: 'BUILD_FAILED', message: 'It failed.', hint: 'Mend it.', about: ['demo'] },
  cause: new Error('why'),
});

test('the whole log of a build that failed is kept, readable by its owner, and the error names it', async () => {
  const { log, explained, file, events } = keeping();
  log('one');
  log('\u001b[31mtwo\u001b[m');
  expect(await explained(failed, plan)).toMatchObject({
    code: 'BUILD_FAILED',
    message: `It failed.\nThe whole log: ${file}`,
    hint: 'Mend it.',
    about: ['demo'],
    cause: failed.cause,
  });
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(events).toHaveLength(2);
});

test('a build that succeeds leaves no log, and takes that of an earlier one away', async () => {
  const { log, explained, forget, file } = keeping();
  log('one');
  await explained(failed, plan);
  await forget(plan);
  expect(existsSync(file)).toBe(false);
  await forget(plan);
});

test('an error that no log explains is left as it is, and so is one whose log cannot be written', async () => {
  const { explained, folder, file } = keeping();
  const other = new MkbaseError({ code: 'OFFLINE', message: 'No network.' });
  expect(await explained(other, plan)).toBe(other);
  expect(existsSync(file)).toBe(false);
  writeFileSync(join(folder, 'mkbase'), 'in the way');
  expect(await explained(failed, plan)).toBe(failed);
});

test('of a log without end the beginning and the end are kept', async () => {
  const { log, explained, file } = keeping();
  const line = 'x'.repeat(60_000);
  log('first');
  for (let count = 0; count < 400; count += 1) log(line);
  log('last');
  await explained(failed, plan);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^first\n/);
  expect(text).toMatch(/\nlast\n$/);
  expect(text).toMatch(/\n… [\d.]+ MB are left out here …\n/);
  expect(text.length).toBeLessThan(9 * 1024 ** 2);
});
