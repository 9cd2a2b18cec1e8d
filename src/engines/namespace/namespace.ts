import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import { sweepWorkspaces } from '../../store/workspace.ts';
import type { Engine } from '../engine.ts';
import { outerId } from './outer-id.ts';
import { runImage } from './run-image.ts';
import { runStep } from './steps.ts';
import { addToolchain, hasToolchain, removeToolchains } from './toolchains.ts';

/**
 * The embedded engine: Linux namespaces through util-linux, as root or as an ordinary user, with no
 * daemon and no image store. Builders are folders below `cacheFolder`.
 */
export function namespaceEngine({ cacheFolder }: { readonly cacheFolder: string }): Engine {
  return {
    name: 'namespace',
    description: 'Linux namespaces of this machine (no daemon)',
    hasToolchain: (toolchain) => hasToolchain(cacheFolder, toolchain),
    addToolchain: async (toolchain, tar, io) =>
      addToolchain(cacheFolder, toolchain, tar, await outerId(), io),
    async runStep(step, consume, io) {
      const { toolchain } = step;
      if (await hasToolchain(cacheFolder, toolchain)) {
        return runStep(cacheFolder, step, consume, await outerId(), io);
      }
      const message = `The namespace engine has no builder ${toolchain.name}.`;
      const hint = 'Run the same command again: it makes the builder anew.';
      throw new MkbaseError({ code: 'ENGINE_FAILED', message, hint });
    },
    runImage: async (image, options, io) =>
      runImage(cacheFolder, image, options, await outerId(), io),
    async removeLeftovers(now, io) {
      const names = await sweepWorkspaces(join(cacheFolder, 'tmp'), now, io);
      return names.map((id) => ({ kind: 'folder' as const, id }));
    },
    removeToolchains: (keep) => removeToolchains(cacheFolder, keep),
  };
}
