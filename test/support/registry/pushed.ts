import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { attachmentsIn } from '../../../src/attach/attachments.ts';
import { openSubject } from '../../../src/commands/verify/subject.ts';
import type { Image } from '../../../src/image/image.ts';
import { outputOf, pushRequest } from '../../../src/outputs/outputs.ts';
import { placeImage } from '../../../src/outputs/place.ts';
import { loadSigningKey } from '../../../src/sign/keys/signing-key.ts';
import { loadVerificationKey } from '../../../src/sign/keys/verification-key.ts';
import { keySigner, signFolder } from '../../../src/sign/sign-folder.ts';
import type { Environment } from '../../../src/store/transfer/agent.ts';
import { mismatchesOf } from '../../../src/verify/report.ts';
import { verify } from '../../../src/verify/verify.ts';
import { kinds, makeKeys } from '../../sign/keys.ts';
import { temporaryFolder } from '../folder.ts';
import { quietIo } from '../image.ts';
import { type BuildSample, makeOutputFolder } from '../output-folder.ts';
import { createContext } from '../ui/context.ts';
import { dockerConfig } from './open.ts';

const io = quietIo();

/** An environment with a cache of its own. */
export const ownEnvironment = (): Environment => ({
  ...dockerConfig(),
  XDG_CACHE_HOME: temporaryFolder(),
});

/** A build that lies in a folder with its evidence, and its image. */
export interface Built {
  readonly folder: string;
  readonly image: Image;
}

/** Makes a small build, whose rootfs stays where it is. */
export async function buildSample(sample: BuildSample = {}): Promise<Built> {
  const folder = join(temporaryFolder(), 'out');
  const { image } = await makeOutputFolder(folder, sample);
  rmSync(join(folder, 'image.oci.tar'));
  return { folder, image };
}

/** Pushes a build under a reference, as a build with --push does. */
export async function push(
  { folder, image }: Built,
  ref: string,
  env: Environment = ownEnvironment(),
  bare = false,
): Promise<void> {
  const request = { ...pushRequest(ref), ...(bare && { bare: true as const }) };
  const target = { outDir: folder, tags: [], store: undefined, env };
  const placed = await placeImage(image, [request], target, io);
  await placed.commit();
  const [output] = placed.outputs;
  if (output === undefined) throw new Error('nothing was placed');
  const attachments = () => attachmentsIn(folder, io.signal);
  await outputOf(output).deliver?.({ request, placed: output, attachments, env }, io);
}

/** A pair of keys, ready to sign and to verify. */
export async function keyPair() {
  const files = makeKeys(temporaryFolder(), kinds.Ed25519 ?? []);
  const signer = keySigner(await loadSigningKey(files.privateKey, async () => undefined));
  const key = await loadVerificationKey(files.publicKey);
  return { key, sign: (folder: string) => signFolder(folder, signer) };
}

type Keys = Awaited<ReturnType<typeof keyPair>>['key'][];

/** Verifies what a word names, as `mkbase verify` does; resolves to the report and what does not hold. */
export async function verified(word: string, keys: Keys = [], env = ownEnvironment()) {
  const context = createContext(env as Record<string, string>);
  const subject = await openSubject(word, { engine: 'auto', keys }, context, io);
  try {
    const report = await verify({ ...subject, keys }, io.signal);
    const mismatches = mismatchesOf(report).map(({ file, field }) => `${file} ${field}`.trim());
    return { subject: report.subject, checks: report.checks, mismatches };
  } finally {
    await subject.dispose();
  }
}
