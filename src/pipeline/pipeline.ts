import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import type { Engine } from '../engines/engine.ts';
import { type Findings, gatherEvidence } from '../evidence/gather-evidence.ts';
import { smokeTest } from '../evidence/smoke.ts';
import { notRunWarning, requirePassed, type TestOutcome, tally } from '../evidence/test-outcome.ts';
import type { Image } from '../image/image.ts';
import type { Lock } from '../lock/schema.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { PlacedImage } from '../outputs/place.ts';
import type { Policy } from '../policy/load.ts';
import { atItsLine } from '../recipe/diagnostics/at-line.ts';
import type { SmokeTest } from '../recipe/schema/schema.ts';
import { lockBundle } from '../sign/sign-lock.ts';
import { rememberBuild } from './build-cache.ts';
import { buildTree } from './build-tree.ts';
import type { ReadyBuilder } from './builder.ts';
import { packImage } from './compress/pack-image.ts';
import { type EarlyPlacing, earlyPlacing } from './early-placing.ts';
import { enforcePolicy, policyOf } from './enforce-policy.ts';
import { resultOf, writeEvidence } from './finish-build.ts';
import { lockCopyOf } from './inputs/current-lock.ts';
import type { Believed } from './inputs/prove-inputs.ts';
import { logKeeper } from './kept-log.ts';
import { type OpenBuild, openBuild } from './open-build.ts';
import { pinInputs, prepareBuilder } from './prepare.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import { inStage, type StageClock, stageClock } from './stages.ts';

/** One run of the pipeline: the request, and everything that is open for it. */
interface Run {
  readonly request: BuildRequest;
  readonly invocation: Invocation;
  readonly policy: Policy | undefined;
  readonly open: OpenBuild;
  readonly clock: StageClock;
  readonly io: Io;
}

/**
 * Runs a recipe's tests on an image that is placed and not visible yet. Errors: TEST_FAILED,
 * ENGINE_FAILED.
 */
async function runSmokeTests(
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
      const warning = notRunWarning(outcomes);
      if (warning) io.emit({ type: 'warning', stage: 'test', warning });
      return outcomes;
    });
  return inStage(io, 'test', 'Running the smoke tests', run, tally);
}

/** An image, and the lock and builder that it was made from. */
interface MadeImage {
  readonly lock: Lock;
  readonly believed: Believed;
  readonly builder: ReadyBuilder | undefined;
  readonly image: Image;
  /** The steps that the image was made with, where it has any. */
  readonly nodes: Nodes | undefined;
}

/**
 * Places the image without showing it yet, tests it, holds it against the policy and writes its
 * evidence; then outputs, tags and evidence appear together. When one step fails, nothing does.
 */
async function publish(
  { request, invocation, policy, open, clock, io }: Run,
  { lock, believed, builder, image, nodes }: MadeImage,
  findings: Promise<Findings>,
  { place }: Pick<EarlyPlacing, 'place'>,
): Promise<BuildResult> {
  const { plan, engine } = open;
  const { recipe } = plan;
  const placed = await inStage(
    io,
    'image',
    'Packaging the image',
    () => place(image),
    () => image.manifest.digest,
  );
  try {
    const tests = await runSmokeTests(request.noTest ? [] : recipe.test, placed, engine, io);
    const found = await findings;
    const built = { recipe, lock, image, trust: believed.trust };
    await enforcePolicy(policy, found, built, request, invocation, io);
    const finished = { lock, believed, builder, image, tests, nodes: (await nodes?.list()) ?? [] };
    const evidence = await writeEvidence(found, open, request, finished, io);
    try {
      await placed.commit();
      await evidence.commit();
    } finally {
      await evidence.discard();
    }
    const result = resultOf(plan, engine, image, placed, tests, clock);
    const { lockKey } = request;
    const vouching = lockKey === undefined ? [] : [lockKey, lockBundle(plan.lockFile)];
    const paths = {
      read: open.read,
      written: [plan.lockFile, lockCopyOf(plan), ...vouching],
    };
    await rememberBuild(request, result, paths, invocation, io);
    return result;
  } finally {
    await placed.discard();
  }
}

async function runStages(run: Run): Promise<BuildResult> {
  const { open, invocation, io } = run;
  const { recipe } = open.plan;
  const pinned = await pinInputs(run);
  const prepared = await prepareBuilder(run, pinned);
  const { believed } = prepared;
  // Runs while the build waits for its steps. A failure here is no reason for the build to fail.
  const leftovers = open.engine.removeLeftovers(invocation.now, io).catch(() => []);
  const placing = earlyPlacing(run.request, open, invocation, io);
  try {
    const { begin } = placing;
    const built = await buildTree(open, pinned, prepared.builder, invocation.now, begin, io);
    const { parts, nodes } = built;
    const packing = { open, request: run.request, now: invocation.now };
    const packed = await packImage(packing, { image: built.image, pinned, believed }, io);
    const { image } = packed;
    const { record, beforeRun } = parts;
    const findings = gatherEvidence(
      { recipe, lock: packed.pinned.kept, image, store: open.store, record, beforeRun },
      io,
    );
    // Runs while the image is placed and tested; a failure is reported when the findings are awaited.
    findings.catch(() => undefined);
    try {
      const made = { ...built, image, lock: packed.pinned.lock, believed: packed.believed };
      return await publish(run, made, findings, placing);
    } finally {
      await nodes?.ended();
    }
  } finally {
    await placing.discard();
    await leftovers;
  }
}

/**
 * Builds one image from a recipe, stage by stage. Outputs and tags appear together at the end, when
 * the tests have passed; until then the earlier ones stay.
 */
export async function runPipeline(
  request: BuildRequest,
  invocation: Invocation,
  outer: Io,
): Promise<BuildResult> {
  const log = logKeeper(outer, invocation);
  const clock = stageClock(log.io);
  const { io } = clock;
  const policy = await policyOf(request, invocation.cwd);
  const open = await openBuild(request, invocation, io);
  try {
    const result = await runStages({ request, invocation, policy, open, clock, io });
    await log.forget(open.plan);
    return result;
  } catch (error) {
    const explained = await log.explained(error, open.plan);
    throw await atItsLine(explained, open.plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}
