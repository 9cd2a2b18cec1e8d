import { createReadStream } from 'node:fs';
import { MkbaseError } from '../../src/base/errors.ts';
import type { Io } from '../../src/base/events.ts';
import { hostPlatform } from '../../src/base/platform.ts';
import { probeDocker } from '../../src/engines/container/probe-docker.ts';
import { probePodman } from '../../src/engines/container/probe-podman.ts';
import type { Engine, RunnableImage, RunOptions } from '../../src/engines/engine.ts';
import { probeNamespace } from '../../src/engines/namespace/namespace-engine.ts';
import type { ChildRequest, ImageRequest, StepOutcome, StepRequest } from './engine-subject.ts';
import { busyboxToolchain } from './toolchain.ts';

/** Stands for mkbase in tests: does one thing with one engine and prints what came of it as JSON. */
const request = JSON.parse(process.argv[2] ?? '') as ChildRequest;
const stopping = new AbortController();
const log: string[] = [];
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const io: Io = {
  signal: stopping.signal,
  emit(event) {
    if (event.type !== 'log') return;
    log.push(event.line);
    if (event.line === 'started') {
      say('started');
      if ('step' in request.action && request.action.step.fault === 'abort-at-first-line') {
        stopping.abort();
      }
    }
  },
};

async function engineUnderTest(): Promise<Engine> {
  const probe =
    request.engine === 'docker'
      ? await probeDocker({ cache: request.cacheFolder, env: process.env }, io)
      : request.engine === 'podman'
        ? await probePodman(request.cacheFolder, io)
        : await probeNamespace(request.cacheFolder, io);
  if (probe.ok) return probe.engine;
  throw new Error(`${probe.name}: ${probe.reason}. ${probe.cure}`);
}

async function* inputOf({ fault }: StepRequest): AsyncGenerator<Uint8Array> {
  yield* createReadStream(request.input);
  if (fault === 'input') throw new MkbaseError({ code: 'SOURCE_CORRUPT', message: 'bad input' });
}

async function consume(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdout) {
    if ('step' in request.action && request.action.step.fault === 'consumer') {
      throw new MkbaseError({ code: 'ARCHIVE_REFUSED', message: 'bad output' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

async function runStep(engine: Engine, step: StepRequest): Promise<StepOutcome> {
  const toolchain = busyboxToolchain(request.key);
  // The key of a test's toolchain is the sha256 of its tar.
  if (!(await engine.hasToolchain(toolchain, request.key, io))) {
    await engine.addToolchain(toolchain, createReadStream(request.tar), io);
  }
  const { argv, env = {}, memoryMiB = 256, processes = 128, seconds = 60 } = step;
  const limits = {
    memoryBytes: memoryMiB * 1024 ** 2,
    processes,
    seconds,
    outputBytes: step.outputBytes ?? 1024 ** 2,
  };
  const capabilities = step.capabilities ?? [];
  try {
    const input = inputOf(step);
    const { ids, root } = step;
    const common = { toolchain, argv, env, limits, capabilities, input };
    const whole = { ...common, ...(ids && { ids }), ...(root && { root }) };
    return { stdout: await engine.runStep(whole, consume, io), log };
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    return { log, code: error.code, message: error.message };
  }
}

const changesOf = (config: ImageRequest['config']) =>
  Object.entries(config).flatMap(([key, value]) => {
    const word = key === 'WorkingDir' ? 'WORKDIR' : key.toUpperCase();
    if (key === 'Env') return (value as string[]).map((each) => `ENV ${each}`);
    return [`${word} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });

async function runImage(
  engine: Engine,
  { config, options, times = 1 }: ImageRequest,
): Promise<unknown> {
  const platform = hostPlatform().name;
  const run = async (image: RunnableImage) => {
    const opened = engine.openImage(image);
    try {
      let result: unknown;
      for (let at = 0; at < times; at++) {
        result = await opened.run(options as never as RunOptions, io);
      }
      return result;
    } finally {
      await opened.close();
    }
  };
  if (engine.images === undefined) {
    return run({ kind: 'tar', tar: request.tar, config, platform });
  }
  const wanted = { changes: changesOf(config), message: 'test', platform };
  const id = await engine.images.importTar(createReadStream(request.tar), wanted, io);
  try {
    return await run({ kind: 'stored', id, platform });
  } finally {
    await engine.images.removeUntagged(id, io);
  }
}

const engine = await engineUnderTest();
const { action } = request;
if ('step' in action) {
  const outcome = await runStep(engine, action.step);
  await engine.ended?.();
  say(outcome);
} else if ('image' in action) say(await runImage(engine, action.image));
else say(await engine.removeLeftovers(new Date(), io));
