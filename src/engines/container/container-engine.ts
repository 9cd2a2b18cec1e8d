import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hostPlatform } from '../../base/platform.ts';
import { ownerState } from '../../store/owner.ts';
import type { Engine, Leftover } from '../engine.ts';
import { warnOnce } from '../gaps.ts';
import type { ToolchainRef } from '../step.ts';
import { containerCli } from './cli.ts';
import { cliClient } from './cli-client.ts';
import type { Client } from './client.ts';
import type { Dialect, EngineFacts } from './dialect.ts';
import { enforcementOf, gapsOf } from './gaps.ts';
import { imageStore, importMark, untaggedImages } from './images.ts';
import { runLabel } from './run-arguments.ts';
import { runImage } from './run-image.ts';
import { runStep } from './run-step.ts';
import {
  dropToolchain,
  findToolchain,
  importToolchain,
  listToolchains,
  removeToolchains,
} from './toolchains.ts';

/** Longest time, milliseconds, that a daemon gets to remove a container. */
const removalMilliseconds = 20_000;

/** Removes containers while other work goes on; one that cannot be removed is a leftover for the next run. */
function containerRemovals(client: Client) {
  const pending = new Set<Promise<unknown>>();
  return {
    begin(name: string): void {
      const io = { emit: () => {}, signal: AbortSignal.timeout(removalMilliseconds) };
      const removal = client.removeContainer(name, io).catch(() => undefined);
      pending.add(removal);
      void removal.then(() => pending.delete(removal));
    },
    async ended(): Promise<void> {
      await Promise.all(pending);
    },
  };
}

/**
 * Makes the engine behind a CLI, docker's or podman's; `client` asks it in another way, where there is one.
 * `cacheFolder` is absolute.
 */
export function containerEngine(
  dialect: Dialect,
  facts: EngineFacts,
  cacheFolder: string,
  client?: Client,
): Engine {
  const cli = containerCli(dialect, facts, cacheFolder);
  const engine = { client: client ?? cliClient(cli), dialect, facts };
  const gaps = gapsOf(dialect, facts);
  const warn = warnOnce();
  const images = imageStore(engine);
  const removals = containerRemovals(engine.client);
  /** Image ids by toolchain key: a step runs the image that was checked, even when its tag has moved. */
  const checked = new Map<string, string>();

  function imageOf(toolchain: ToolchainRef): string {
    const id = checked.get(toolchain.key);
    if (id !== undefined) return id;
    const message = `${dialect.name} has no builder ${toolchain.name}.`;
    const hint = 'Run the same command again: it makes the builder anew.';
    throw new MkbaseError({ code: 'ENGINE_FAILED', message, hint });
  }

  return {
    name: dialect.name,
    description: facts.description,
    platform: facts.platform ?? hostPlatform().name,
    gaps,
    enforcement: enforcementOf(dialect, facts),
    // A container in a user namespace may not have all that is in a tree.
    ...(dialect.beginsInTrees &&
      !facts.inUserNamespace && {
        heldTrees: { drop: (tree, io) => dropToolchain(images, tree, io) },
      }),
    images,
    async hasToolchain(toolchain, tree, io) {
      const id = await findToolchain(engine, images, toolchain, tree, io);
      if (id === undefined) checked.delete(toolchain.key);
      else checked.set(toolchain.key, id);
      return id !== undefined;
    },
    async addToolchain(toolchain, tar, io) {
      const { id, tree } = await importToolchain(engine, images, toolchain, tar, io);
      checked.set(toolchain.key, id);
      return tree;
    },
    async runStep(step, consume, io) {
      const id = imageOf(step.toolchain);
      warn(gaps, 'build', io);
      return runStep(cli, id, step, consume, removals.begin, io);
    },
    ended: removals.ended,
    openImage: (image) => ({
      run: (options, io) => runImage(cli, image, options, io),
      close: async () => {},
    }),
    removeLeftovers: (_now, io) => removeLeftovers(engine.client, io),
    listToolchains: (io) => listToolchains(engine, io),
    removeToolchains: (keep, io) => removeToolchains(engine, keep, io),
  };
}

/** Lists containers of runs that have ended: a container's name says who started it. */
async function deadContainers(client: Client, io: Io): Promise<string[]> {
  const names = await client.containerNames(runLabel, io);
  const states = await Promise.all(names.map(ownerState));
  return names.filter((_, at) => states[at] === 'dead');
}

/**
 * Lists images of runs that have ended: the comment says who imported one, and only one that never
 * got a tag is a leftover.
 */
async function deadImages(client: Client, io: Io): Promise<string[]> {
  const images = await untaggedImages(client, io);
  const owners = images.map(({ comment }) => importMark.exec(comment)?.[1] ?? '');
  const states = await Promise.all(owners.map(ownerState));
  return images.filter((_, at) => states[at] === 'dead').map(({ id }) => id);
}

/** Removes containers and untagged images of runs on this machine that have ended. */
export async function removeLeftovers(client: Client, io: Io): Promise<Leftover[]> {
  const [containers, images] = await Promise.all([
    deadContainers(client, io),
    deadImages(client, io),
  ]);
  const removed: Leftover[] = [];
  for (const id of containers) {
    const isGone = await client.removeContainer(id, io).catch(() => false);
    if (isGone) removed.push({ kind: 'container', id });
  }
  for (const id of images) {
    const isGone = await client.removeImage(id, {}, io).catch(() => false);
    if (isGone) removed.push({ kind: 'image', id });
  }
  return removed;
}
