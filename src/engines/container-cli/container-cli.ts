import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Engine } from '../engine.ts';
import type { ToolchainRef } from '../step.ts';
import { containerCli } from './cli.ts';
import type { Dialect, EngineFacts } from './dialect.ts';
import { imageStore } from './images.ts';
import { removeLeftovers } from './leftovers.ts';
import { runImage } from './run-image.ts';
import { runStep } from './steps.ts';
import { findToolchain, importToolchain, removeToolchains } from './toolchains.ts';

/** The engine behind a CLI, docker's or podman's. */
export function containerEngine(dialect: Dialect, facts: EngineFacts): Engine {
  const cli = containerCli(dialect, facts);
  const images = imageStore(cli);
  /** Image ids by toolchain key: a step runs what was looked at, whatever becomes of the tag. */
  const known = new Map<string, string>();

  async function find(toolchain: ToolchainRef, io: Io): Promise<string | undefined> {
    const id = await findToolchain(images, toolchain, io);
    if (id !== undefined) known.set(toolchain.key, id);
    return id;
  }

  async function imageOf(toolchain: ToolchainRef, io: Io): Promise<string> {
    const id = known.get(toolchain.key) ?? (await find(toolchain, io));
    if (id !== undefined) return id;
    const message = `${dialect.name} has no builder ${toolchain.name}.`;
    const hint = 'Run the same command again: it makes the builder anew.';
    throw new MkbaseError({ code: 'ENGINE_FAILED', message, hint });
  }

  return {
    name: dialect.name,
    description: facts.description,
    images,
    hasToolchain: async (toolchain, io) => (await find(toolchain, io)) !== undefined,
    async addToolchain(toolchain, tar, io) {
      known.set(toolchain.key, await importToolchain(images, toolchain, tar, io));
    },
    runStep: async (step, consume, io) =>
      runStep(cli, await imageOf(step.toolchain, io), step, consume, io),
    runImage: (image, options, io) => runImage(cli, image, options, io),
    removeLeftovers: (_now, io) => removeLeftovers(cli, io),
    removeToolchains: (keep, io) => removeToolchains(cli, keep, io),
  };
}
