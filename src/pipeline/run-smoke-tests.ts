import type { Io } from '../base/events.ts';
import type { Engine } from '../engines/engine.ts';
import { requirePassed, smokeTest, type TestOutcome } from '../evidence/smoke.ts';
import type { PlacedImage } from '../outputs/place.ts';
import type { SmokeTest } from '../recipe/schema/schema.ts';
import { inStage } from './stages.ts';

/**
 * Runs a recipe's tests on an image that is placed but not yet to be seen. Errors: TEST_FAILED,
 * ENGINE_FAILED.
 */
export async function runSmokeTests(
  tests: readonly SmokeTest[],
  placed: PlacedImage,
  engine: Engine,
  io: Io,
): Promise<TestOutcome[]> {
  if (tests.length === 0) return [];
  const run = () =>
    placed.tryOut(async (image) => {
      const outcomes = await smokeTest(tests, image, engine, io);
      requirePassed(outcomes);
      return outcomes;
    });
  return inStage(io, 'test', 'Running the smoke tests', run, ({ length }) => `${length} passed`);
}
