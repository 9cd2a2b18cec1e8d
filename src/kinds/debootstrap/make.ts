import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { rootfsCapabilities } from '../../engines/step.ts';
import { distributions } from '../../packages/deb/archive/distribution.ts';
import type { StepContext } from '../../steps/builder.ts';
import { buildLimits } from '../../steps/chroot-step.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { writeTar } from '../../tar/write.ts';
import type { Pinned } from '../contract.ts';
import { applyPolicy } from './apply-policy.ts';
import { checkInstalled } from './check-installed.ts';
import { debootstrapEnvironment, variantOption } from './debootstrap-shell.ts';
import type { LockedDebootstrapRoot } from './locked-debootstrap.ts';
import { makeScript } from './make-script.ts';
import { type MirrorInput, mirrorEntries } from './mirror.ts';
import type { DebootstrapSource } from './schema.ts';
import { settleTimes } from './times.ts';

type PinnedRoot = Pinned<DebootstrapSource, LockedDebootstrapRoot>;

const mirrorInput = ({ source: { suite }, locked, platform }: PinnedRoot): MirrorInput => ({
  ...{ suite, platform },
  debs: locked.debs,
  debootstrap: locked.settings,
});

function parametersOf(source: DebootstrapSource, { platform, debootstrap }: MirrorInput): string[] {
  const { base, wanted } = debootstrap;
  return [
    distributions[source.distro].script,
    source.suite,
    `--arch=${platform.debian}`,
    // What a newer version of a base package depends on is part of the base, too.
    `--include=${base.join(',')}`,
    ...variantOption(source.variant),
    '--',
    ...wanted,
  ];
}

/**
 * Makes a root filesystem with debootstrap and apt out of exactly the locked packages, which must be
 * in the store, and applies the policy. Errors: BUILD_FAILED, BUILD_OUTPUT when something is there
 * that was not locked, SOURCE_CORRUPT, ARCHIVE_REFUSED, ENGINE_FAILED.
 */
export async function buildDebootstrap(
  pinned: PinnedRoot,
  { engine, store, builder, folder }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const { source, epoch } = pinned;
  const input = mirrorInput(pinned);
  const workFolder = join(folder, 'controls');
  await mkdir(workFolder);
  const mirror = await mirrorEntries(input, { store, workFolder }, io);
  const step = {
    toolchain: builder.reference,
    argv: ['/bin/sh', '-euc', makeScript, 'mkbase', ...parametersOf(source, input)],
    env: { ...debootstrapEnvironment, SOURCE_DATE_EPOCH: String(epoch) },
    limits: buildLimits,
    capabilities: rootfsCapabilities,
    ids: 'range',
    input: writeTar(mirror, { reuseMemory: true }),
  } as const;
  const file = join(folder, 'debootstrap.tar');
  const take = (stdout: AsyncIterable<Uint8Array>) =>
    spoolTar(stdout, file, { source: "debootstrap's result" });
  const made = settleTimes(await engine.runStep(step, take, io), epoch);
  await checkInstalled(made, input.debs);
  const { mirror: own } = input.debootstrap;
  return applyPolicy(made, { source, platform: input.platform, mirror: own, epoch });
}
