import { expect, test } from 'vitest';
import { MkbaseError } from '../../src/base/errors.ts';
import { createRawJsonView } from '../../src/ui/rawjson.ts';
import { failedBuild } from '../support/ui/build-events.ts';
import { createPlayer } from '../support/ui/play.ts';
import { createScreen } from '../support/ui/screen.ts';

test('every event is one line of JSON, and a failure is the last', async () => {
  const screen = createScreen();
  const player = createPlayer();
  const view = createRawJsonView(screen, player.clock);
  player.play(failedBuild, view.emit);
  await view.end(
    new MkbaseError({ code: 'BUILD_FAILED', message: 'gcc failed', hint: 'Correct the source.' }),
  );
  const lines = screen.text().trimEnd().split('\n');
  expect(lines).toHaveLength(failedBuild.length + 1);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('type');
  await expect(screen.text()).toMatchFileSnapshot('../golden/ui/rawjson-failed-build.txt');
});

test('a build that went well ends without a line of its own', async () => {
  const screen = createScreen();
  await createRawJsonView(screen, () => 0).end();
  expect(screen.text()).toBe('');
});
