import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { ownerState } from '../../store/owner.ts';
import type { Engine, Leftover } from '../engine.ts';
import { warnOnce } from '../gaps.ts';
import type { ToolchainRef } from '../step.ts';
import { type Cli, containerCli, linesOf } from './cli.ts';
import type { Dialect, EngineFacts } from './dialect.ts';
import { enforcementOf, gapsOf } from './gaps.ts';
import { imageStore, importMark, untaggedImages } from './images.ts';
import { runLabel } from './run-arguments.ts';
import { runImage } from './run-image.ts';
import { runStep } from './run-step.ts';
import { findToolchain, importToolchain, listToolchains, removeToolchains } from './toolchains.ts';

/** Makes the engine behind a CLI, docker's or podman's. `cacheFolder` is absolute. */
export function containerEngine(dialect: Dialect, facts: EngineFacts, cacheFolder: string): Engine {
  const cli = containerCli(dialect, facts, cacheFolder);
  const gaps = gapsOf(dialect, facts);
  const warn = warnOnce();
  const images = imageStore(cli);
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
    gaps,
    enforcement: enforcementOf(dialect, facts),
    images,
    async hasToolchain(toolchain, tree, io) {
      const id = await findToolchain(cli, images, toolchain, tree, io);
      if (id === undefined) checked.delete(toolchain.key);
      else checked.set(toolchain.key, id);
      return id !== undefined;
    },
    async addToolchain(toolchain, tar, io) {
      const { id, tree } = await importToolchain(cli, images, toolchain, tar, io);
      checked.set(toolchain.key, id);
      return tree;
    },
    async runStep(step, consume, io) {
      const id = imageOf(step.toolchain);
      warn(gaps, 'build', io);
      return runStep(cli, id, step, consume, io);
    },
    openImage: (image) => ({
      run: (options, io) => runImage(cli, image, options, io),
      close: async () => {},
    }),
    removeLeftovers: (_now, io) => removeLeftovers(cli, io),
    listToolchains: (io) => listToolchains(cli, io),
    removeToolchains: (keep, io) => removeToolchains(cli, keep, io),
  };
}

/** Lists containers of runs that have ended: a container's name says who started it. */
async function deadContainers(cli: Cli, io: Io): Promise<string[]> {
  const args = ['ps', '--all', '--filter', `label=${runLabel}`, '--format', '{{.Names}}'];
  const names = linesOf(await cli.expect('listing containers', args, io));
  const states = await Promise.all(names.map(ownerState));
  return names.filter((_, at) => states[at] === 'dead');
}

/**
 * Lists images of runs that have ended: the comment says who imported one, and only one that never
 * got a tag is a leftover.
 */
async function deadImages(cli: Cli, io: Io): Promise<string[]> {
  const images = await untaggedImages(cli, io);
  const owners = images.map(({ comment }) => importMark.exec(comment)?.[1] ?? '');
  const states = await Promise.all(owners.map(ownerState));
  return images.filter((_, at) => states[at] === 'dead').map(({ id }) => id);
}

/** Removes containers and untagged images of runs on this machine that have ended. */
export async function removeLeftovers(cli: Cli, io: Io): Promise<Leftover[]> {
  const [containers, images] = await Promise.all([deadContainers(cli, io), deadImages(cli, io)]);
  const removed: Leftover[] = [];
  for (const id of containers) {
    const { ok } = await cli.run([...cli.dialect.removeArguments, id], io);
    if (ok) removed.push({ kind: 'container', id });
  }
  for (const id of images) {
    const { ok } = await cli.run(['image', 'rm', id], io);
    if (ok) removed.push({ kind: 'image', id });
  }
  return removed;
}
